//! Verifying access tokens here, with the public keys that auth publishes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use confab_chassis::CancellationToken;
use confab_proto::auth::{ListSigningKeysRequest, SigningKey};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use parking_lot::RwLock;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::clients::Auth;
use crate::error::Error;
use crate::principal::Principal;

/// How often the keys are read anew.
const READ_EVERY: Duration = Duration::from_secs(60);
/// How soon after a reading an unknown key may cause the next one: tokens are made up at will.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How many may wait for an unknown key; further ones are refused at once.
const WAITING: usize = 256;
/// How far clocks may be apart, in seconds.
const LEEWAY: u64 = 5;
/// The longest token that is looked at, in bytes; ours have about 400.
const LONGEST: usize = 4_096;

/// Verifies access tokens. Clones share the keys.
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

struct Inner {
    auth: Auth,
    validation: Validation,
    keys: RwLock<Keys>,
    /// Held while the keys are being read, so that a crowd of unknown keys causes one reading.
    reading: tokio::sync::Mutex<Option<Instant>>,
    /// Places for those who wait for an unknown key.
    waiting: Semaphore,
}

#[derive(Default)]
struct Keys {
    decoding: HashMap<String, Arc<DecodingKey>>,
    published: Vec<SigningKey>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    sid: String,
    exp: u64,
}

impl Verifier {
    /// A verifier of tokens by `issuer`, without any key yet.
    pub fn new(auth: Auth, issuer: &str) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&["confab"]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = LEEWAY;
        Self(Arc::new(Inner {
            auth,
            validation,
            keys: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
            waiting: Semaphore::new(WAITING),
        }))
    }

    /// Reads the keys until there are some: without any, nobody can come in.
    pub async fn first_keys(&self) {
        while self.published().await.is_empty() {
            tokio::time::sleep(READ_AGAIN_AFTER).await;
        }
    }

    /// Reads the keys again and again until `stop`.
    pub async fn follow(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(READ_EVERY) => self.read(Instant::now()).await,
            }
        }
    }

    /// Who a token speaks for.
    pub async fn verify(&self, token: &str) -> Result<Principal, Error> {
        if token.len() > LONGEST {
            return Err(Error::TokenInvalid("it is too long"));
        }
        let header = jsonwebtoken::decode_header(token)
            .map_err(|_| Error::TokenInvalid("it is not a signed token"))?;
        if header.alg != Algorithm::EdDSA {
            return Err(Error::TokenInvalid("it is not signed with EdDSA"));
        }
        let kid = header.kid.ok_or(Error::TokenInvalid("it names no key"))?;
        let key = self
            .key(&kid)
            .await
            .ok_or(Error::TokenInvalid("its key is unknown"))?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &self.0.validation)
            .map_err(|error| Error::TokenInvalid(because(error.kind())))?
            .claims;
        match (claims.sub.parse(), claims.sid.parse()) {
            (Ok(user), Ok(session)) => Ok(Principal {
                user,
                session,
                // A time beyond all times is a mistake, and over at once.
                expires_at: UNIX_EPOCH
                    .checked_add(Duration::from_secs(claims.exp))
                    .unwrap_or_else(SystemTime::now),
            }),
            _ => Err(Error::TokenInvalid("it names no user")),
        }
    }

    /// The public keys as auth publishes them.
    pub async fn published(&self) -> Vec<SigningKey> {
        if self.0.keys.read().published.is_empty() {
            self.read(Instant::now()).await;
        }
        self.0.keys.read().published.clone()
    }

    async fn key(&self, kid: &str) -> Option<Arc<DecodingKey>> {
        let known = self.0.keys.read().decoding.get(kid).cloned();
        if known.is_some() {
            return known;
        }
        // The key may have been made a moment ago: one reading that begins after now decides, though it
        // has to wait for its turn. So a crowd of made-up tokens cannot have a good one refused.
        let _place = self.0.waiting.try_acquire().ok()?;
        self.read(Instant::now()).await;
        self.0.keys.read().decoding.get(kid).cloned()
    }

    /// Reads the keys, unless somebody has done so since `asked`; not sooner than a second after the last
    /// reading.
    async fn read(&self, asked: Instant) {
        let mut last = self.0.reading.lock().await;
        if last.is_some_and(|last| last >= asked) {
            return;
        }
        if let Some(last) = *last {
            tokio::time::sleep_until((last + READ_AGAIN_AFTER).into()).await;
        }
        // Before the answer: while auth does not answer, those who wait here must not each try anew.
        *last = Some(Instant::now());
        match self
            .0
            .auth
            .list_signing_keys(ListSigningKeysRequest {})
            .await
        {
            Ok(answer) => {
                let decoding = answer
                    .keys
                    .iter()
                    // Ed25519; the library takes any length and panics later.
                    .filter(|key| key.public_key.len() == 32)
                    .map(|key| {
                        (
                            key.key_id.clone(),
                            Arc::new(DecodingKey::from_ed_der(&key.public_key)),
                        )
                    })
                    .collect();
                *self.0.keys.write() = Keys {
                    decoding,
                    published: answer.keys,
                };
            }
            Err(fault) => {
                tracing::warn!(%fault, "cannot read the signing keys, using the known ones")
            }
        }
    }
}

pub const fn because(kind: &jsonwebtoken::errors::ErrorKind) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match kind {
        ErrorKind::ExpiredSignature => "it has expired",
        ErrorKind::InvalidIssuer => "it is by another issuer",
        ErrorKind::InvalidAudience => "it is for another audience",
        ErrorKind::InvalidSignature => "its signature is wrong",
        _ => "it is malformed",
    }
}
