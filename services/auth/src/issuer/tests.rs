use std::time::{Duration, SystemTime};

use confab_ids::{SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::Issuer;
use crate::keys::SigningKey;
use crate::token::{Bearer, Claims};

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["confab"]);
    validation.set_issuer(&["here"]);
    validation
}

#[test]
fn a_token_verifies_with_the_public_key_of_its_kid_and_with_no_other() {
    let key = SigningKey::generate();
    let issuer = Issuer::new(&key, "here".to_owned(), Duration::from_secs(60));
    let bearer = Bearer {
        user: UserId::generate(),
        username: "ann",
        session: SessionId::generate(),
    };
    let token = issuer.issue(bearer, SystemTime::now());

    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(
        (header.alg, header.kid),
        (Algorithm::EdDSA, Some(key.public.id.clone()))
    );
    let own = DecodingKey::from_ed_der(&key.public.bytes);
    let claims = jsonwebtoken::decode::<Claims>(&token, &own, &validation())
        .unwrap()
        .claims;
    assert_eq!((claims.sub, claims.sid), (bearer.user, bearer.session));
    let foreign = DecodingKey::from_ed_der(&SigningKey::generate().public.bytes);
    assert!(jsonwebtoken::decode::<Claims>(&token, &foreign, &validation()).is_err());
}
