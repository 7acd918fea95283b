use std::time::{Duration, SystemTime};

use confab_ids::{SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::Issuer;
use crate::keys::ring::Ring;
use crate::keys::{FIRST_SLOT, SigningKey};
use crate::token::{Bearer, Claims};

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["confab"]);
    validation.set_issuer(&["here"]);
    validation
}

const TTL: Duration = Duration::from_secs(60);

fn bearer() -> Bearer<'static> {
    Bearer {
        user: UserId::generate(),
        username: "ann",
        session: SessionId::generate(),
    }
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

#[test]
fn a_token_verifies_with_the_public_key_of_its_kid_and_with_no_other() {
    let now = SystemTime::now();
    let key = SigningKey::generate(FIRST_SLOT, now, TTL);
    let ring = Ring::new(vec![key.clone()]).unwrap();
    let issuer = Issuer::new(ring, "here".to_owned(), TTL);
    let bearer = bearer();
    let token = issuer.issue(bearer, now);

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
    let foreign =
        DecodingKey::from_ed_der(&SigningKey::generate(FIRST_SLOT, now, TTL).public.bytes);
    assert!(jsonwebtoken::decode::<Claims>(&token, &foreign, &validation()).is_err());
}

#[test]
fn the_next_key_signs_from_its_time_on_without_being_told() {
    let now = SystemTime::now();
    let keys = [(1, now), (2, now + TTL)].map(|(slot, from)| SigningKey::generate(slot, from, TTL));
    let ring = Ring::new(keys.to_vec()).unwrap();
    let issuer = Issuer::new(ring, "here".to_owned(), TTL);
    assert_eq!(kid(&issuer.issue(bearer(), now)), keys[0].public.id);
    assert_eq!(kid(&issuer.issue(bearer(), now + TTL)), keys[1].public.id);
}
