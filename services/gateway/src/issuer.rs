//! Issuers elsewhere whose tokens are good here: OpenID providers, Clerk, anybody who publishes keys.
//!
//! A token names its issuer; the keys say whether it is true; auth knows who that is here, and makes them an
//! account at first sight.

mod claims;
mod fetch;
mod keys;
mod settings;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use confab_fault::Kind;
use confab_ids::{SessionId, UserId};
use confab_proto::auth::AdmitExternalRequest;
use jsonwebtoken::{Algorithm, Validation};
use moka::sync::Cache;

use self::claims::{Claims, issuer_of};
use self::keys::Keys;
use crate::clients::Auth;
use crate::error::Error;
use crate::principal::Principal;

pub use settings::{Issuer, IssuerList};

/// The longest token that is looked at, in bytes: those of others carry more than ours.
const LONGEST: usize = 16_384;
/// How far clocks may be apart, in seconds.
const LEEWAY: u64 = 5;
/// How long it is remembered who somebody is: each request says it anew.
const REMEMBER: Duration = Duration::from_secs(60);
/// About 300 bytes each.
const MOST: u64 = 50_000;
/// What tokens may be signed with: what anybody can verify and nobody else can sign.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Those who are trusted.
pub struct Issuers {
    trusted: Vec<Trusted>,
    /// By issuer, subject and session.
    known: Cache<(usize, String, String), (UserId, SessionId)>,
}

struct Trusted {
    issuer: Issuer,
    keys: Keys,
}

impl Issuers {
    /// The issuers that the operator trusts.
    pub fn new(list: &IssuerList) -> Self {
        let trust = |issuer: &Issuer| Trusted {
            issuer: issuer.clone(),
            keys: Keys::of(issuer),
        };
        Self {
            trusted: list.0.iter().map(trust).collect(),
            known: Cache::builder()
                .max_capacity(MOST)
                .time_to_live(REMEMBER)
                .build(),
        }
    }

    /// Who a token speaks for; none if it is by none of these issuers.
    pub async fn verify(&self, auth: &Auth, token: &str) -> Option<Result<Principal, Error>> {
        if self.trusted.is_empty() || token.len() > LONGEST {
            return None;
        }
        let name = issuer_of(token)?;
        let at = self
            .trusted
            .iter()
            .position(|one| one.issuer.issuer == name)?;
        Some(self.verify_by(auth, at, token).await)
    }

    async fn verify_by(&self, auth: &Auth, at: usize, token: &str) -> Result<Principal, Error> {
        let claims = self.trusted[at].verify(token).await?;
        let expires_at = UNIX_EPOCH
            .checked_add(Duration::from_secs(claims.exp))
            .unwrap_or_else(SystemTime::now);
        let key = (
            at,
            claims.sub.clone(),
            claims.sid.clone().unwrap_or_default(),
        );
        let (user, session) = match self.known.get(&key) {
            Some(known) => known,
            None => {
                let known = admit(auth, &self.trusted[at].issuer.issuer, claims).await?;
                self.known.insert(key, known);
                known
            }
        };
        Ok(Principal {
            user,
            session,
            expires_at,
        })
    }
}

impl Trusted {
    async fn verify(&self, token: &str) -> Result<Claims, Error> {
        let header = jsonwebtoken::decode_header(token)
            .map_err(|_| Error::TokenInvalid("it is not a signed token"))?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(Error::TokenInvalid("it is not signed with a key pair"));
        }
        let key = self.keys.find(header.kid.as_deref(), header.alg).await;
        let key = key.ok_or(Error::TokenInvalid("its key is unknown"))?;
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&[&self.issuer.issuer]);
        match &self.issuer.audience {
            Some(audience) => validation.set_audience(&[audience]),
            None => validation.validate_aud = false,
        }
        let mut required = vec!["exp", "iss", "sub"];
        required.extend(self.issuer.audience.as_ref().map(|_| "aud"));
        validation.set_required_spec_claims(&required);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY;
        let decoded = jsonwebtoken::decode::<Claims>(token, &key, &validation);
        let claims =
            decoded.map_err(|error| Error::TokenInvalid(crate::token::because(error.kind())))?;
        Ok(claims.claims)
    }
}

async fn admit(auth: &Auth, issuer: &str, claims: Claims) -> Result<(UserId, SessionId), Error> {
    let request = AdmitExternalRequest {
        issuer: issuer.to_owned(),
        subject: claims.sub,
        session: claims.sid.unwrap_or_default(),
        username: claims.username.unwrap_or_default(),
        name: claims.name.unwrap_or_default(),
        email: claims.email.unwrap_or_default(),
        picture: claims.picture.unwrap_or_default(),
    };
    let answer = auth.admit_external(request).await;
    let answer = answer.map_err(|fault| match fault.kind() {
        Kind::Invalid => Error::TokenInvalid("it names nobody"),
        _ => Error::from(fault),
    })?;
    let user = answer.user.and_then(|user| user.id.parse().ok());
    let session = answer.session_id.parse().ok();
    user.zip(session).ok_or(Error::UserNotFound)
}
