//! The keys of one issuer: one that never changes, or those that it publishes, read when they are needed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use parking_lot::RwLock;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::fetch::Fetcher;
use super::settings::Issuer;

/// How long keys are used before they are read anew.
const FRESH: Duration = Duration::from_secs(600);
/// How soon after a reading an unknown key may cause the next one: tokens are made up at will.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// How many keys one issuer may have.
const MOST: usize = 64;

/// The keys of an issuer.
pub struct Keys {
    known: RwLock<Vec<Key>>,
    /// Absent for a key that never changes.
    published: Option<Published>,
}

struct Published {
    fetcher: Fetcher,
    issuer: String,
    /// Found by discovery if absent.
    url: Option<Url>,
    /// When they were read last; held while they are, so that a crowd causes one reading.
    read: tokio::sync::Mutex<Option<Instant>>,
}

#[derive(Clone)]
struct Key {
    id: Option<String>,
    /// What it signs with, if it says so.
    algorithm: Option<Algorithm>,
    key: Arc<DecodingKey>,
}

#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: Url,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Keys {
    /// The keys of an issuer, none of them read yet.
    pub fn of(issuer: &Issuer) -> Self {
        let published = issuer.public_key.is_none().then(|| Published {
            fetcher: Fetcher::new(),
            issuer: issuer.issuer.clone(),
            url: issuer.jwks_url.clone(),
            read: tokio::sync::Mutex::default(),
        });
        let fixed = issuer.public_key.as_deref().map(of_pem);
        let key = |key| Key {
            id: None,
            algorithm: None,
            key: Arc::new(key),
        };
        let known = fixed.into_iter().flatten().map(key).collect();
        Self {
            known: RwLock::new(known),
            published,
        }
    }

    /// The key that a token names.
    pub async fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<Arc<DecodingKey>> {
        let Some(published) = &self.published else {
            // A key that never changes has no name.
            return self.look(None, algorithm);
        };
        let id = id?;
        let asked = Instant::now();
        let known = self.look(Some(id), algorithm);
        let pause = if known.is_some() {
            FRESH
        } else {
            READ_AGAIN_AFTER
        };
        published.read_into(&self.known, (asked, pause)).await;
        self.look(Some(id), algorithm)
    }

    fn look(&self, id: Option<&str>, algorithm: Algorithm) -> Option<Arc<DecodingKey>> {
        let known = self.known.read();
        let fits = |key: &&Key| {
            key.id.as_deref() == id
                && key.algorithm.is_none_or(|one| one == algorithm)
                && key.key.family() == algorithm.family()
        };
        known.iter().find(fits).map(|key| key.key.clone())
    }
}

impl Published {
    /// Reads the keys unless that was done a moment ago, or by somebody else meanwhile.
    async fn read_into(&self, known: &RwLock<Vec<Key>>, (asked, pause): (Instant, Duration)) {
        let mut read = self.read.lock().await;
        if read.is_some_and(|read| read + pause > asked) {
            return;
        }
        // Before the answer: while the issuer does not answer, a crowd must not ask again and again.
        *read = Some(Instant::now());
        match self.read().await {
            Ok(keys) => *known.write() = keys,
            Err(error) => {
                tracing::warn!(
                    issuer = self.issuer,
                    error,
                    "cannot read an issuer's keys, using the known ones"
                );
            }
        }
    }

    async fn read(&self) -> Result<Vec<Key>, String> {
        let url = match &self.url {
            Some(url) => url.clone(),
            None => self.discover().await?,
        };
        let set: KeySet = self.fetcher.json(&url).await?;
        // One that cannot be used must not spoil the others.
        let usable = set.keys.into_iter().take(MOST).filter_map(usable);
        Ok(usable.collect())
    }

    async fn discover(&self) -> Result<Url, String> {
        let place = format!(
            "{}/.well-known/openid-configuration",
            self.issuer.trim_end_matches('/')
        );
        let place = Url::parse(&place).map_err(|error| error.to_string())?;
        let found: Discovered = self.fetcher.json(&place).await?;
        if found.issuer == self.issuer {
            Ok(found.jwks_uri)
        } else {
            Err(format!("it says that it is {:?}", found.issuer))
        }
    }
}

fn usable(key: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(key).ok()?;
    let named = jwk
        .common
        .key_algorithm
        .and_then(|one| one.to_string().parse().ok());
    Some(Key {
        id: jwk.common.key_id.clone(),
        algorithm: named,
        key: Arc::new(DecodingKey::from_jwk(&jwk).ok()?),
    })
}

/// The public key of a PEM text; nothing if it is none.
pub fn of_pem(pem: &str) -> Vec<DecodingKey> {
    let pem = pem.as_bytes();
    let tries = [
        DecodingKey::from_rsa_pem(pem),
        DecodingKey::from_ec_pem(pem),
        DecodingKey::from_ed_pem(pem),
    ];
    tries.into_iter().find_map(Result::ok).into_iter().collect()
}
