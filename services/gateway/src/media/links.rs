//! Addresses that are signed: for a browser's `<img>`, which cannot say who is asking, and for an upload
//! that goes past the API. A signature proves who asked for the address, for which upload and what;
//! whether they may is asked each time the address is used.
//!
//! All gateways sign with one key a day, which they get from message-store. Those for clients that have
//! nobody to ask for another address live a day; [`super::address`] writes them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use confab_ids::{MediaId, UserId};
use confab_proto::message::ShareUrlKeyRequest;
use hmac::{Hmac, Mac as _};
use parking_lot::Mutex;
use rand::RngCore as _;
use serde::Deserialize;
use sha2::Sha256;
use utoipa::IntoParams;

use super::MediaError;
use crate::clients::{Clients, MessageStore};
use crate::contract::words::AnyId;
use crate::error::Error;

const SECONDS_A_DAY: u64 = 86_400;
/// How many keys are at hand: today's, and those of the two days after it, when addresses may end.
const KEYS: usize = 4;
/// How far the clocks of two gateways may be apart.
const CLOCKS: u64 = 60;

/// What an address is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Read,
    Upload,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Upload => "upload",
        }
    }
}

/// The query of a signed address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Signed {
    #[param(value_type = AnyId)]
    pub user: UserId,
    /// Seconds since the Unix epoch.
    pub expires: u64,
    pub signature: String,
}

impl Signed {
    /// As it stands in an address.
    pub fn query(&self) -> String {
        let Self {
            user,
            expires,
            signature,
        } = self;
        format!("user={user}&expires={expires}&signature={signature}")
    }
}

/// Signs, and verifies.
pub struct Links {
    /// How long an address is good.
    pub ttl: Duration,
    /// Where clients reach the gateways; empty if nobody said.
    pub(super) public_url: String,
    keys: Mutex<BTreeMap<u64, Vec<u8>>>,
}

impl Links {
    pub const fn new(ttl: Duration, public_url: String) -> Self {
        Self {
            ttl,
            public_url,
            keys: Mutex::new(BTreeMap::new()),
        }
    }

    /// Signs an address for a user.
    pub async fn sign(
        &self,
        clients: &Clients,
        purpose: Purpose,
        (user, media): (UserId, MediaId),
    ) -> Result<Signed, Error> {
        let (now, ttl) = (now(), self.ttl.as_secs());
        let expires = match purpose {
            Purpose::Upload => now + ttl,
            // The same address for as long as can be, so that a browser's cache is of use.
            Purpose::Read => (now / ttl + 2) * ttl,
        };
        let store = &clients.message_store;
        let key = self.key(store, expires / SECONDS_A_DAY).await?;
        let signature = mac(&key, purpose, (user, media), expires).finalize();
        Ok(Signed {
            user,
            expires,
            signature: BASE64.encode(signature.into_bytes()),
        })
    }

    /// Fetches the key for addresses that are good for a day, so that [`Self::lasting`] has it.
    pub async fn prepare(&self, store: &MessageStore) -> Result<(), Error> {
        let day = now() / SECONDS_A_DAY + 2;
        self.key(store, day).await.map(drop)
    }

    /// Signs an address to read from that is good for a day or two, without waiting for anybody; none if
    /// it was not prepared for.
    pub fn lasting(&self, (user, media): (UserId, MediaId)) -> Option<Signed> {
        let today = now() / SECONDS_A_DAY;
        let keys = self.keys.lock();
        let (day, key) = keys.range(today + 1..=today + 2).next_back()?;
        let expires = day * SECONDS_A_DAY;
        let signature = mac(key, Purpose::Read, (user, media), expires).finalize();
        Some(Signed {
            user,
            expires,
            signature: BASE64.encode(signature.into_bytes()),
        })
    }

    /// Passes if this address is good for this, now.
    pub async fn verify(
        &self,
        clients: &Clients,
        purpose: Purpose,
        media: MediaId,
        signed: &Signed,
    ) -> Result<UserId, Error> {
        let longest = match purpose {
            Purpose::Upload => 2 * self.ttl.as_secs(),
            Purpose::Read => 2 * SECONDS_A_DAY,
        };
        let (now, longest) = (now(), longest + CLOCKS);
        if signed.expires < now || signed.expires > now + longest {
            return Err(MediaError::SignatureInvalid.into());
        }
        let signature = BASE64.decode(&signed.signature);
        let signature = signature.map_err(|_| MediaError::SignatureInvalid)?;
        let store = &clients.message_store;
        let key = self.key(store, signed.expires / SECONDS_A_DAY).await?;
        mac(&key, purpose, (signed.user, media), signed.expires)
            .verify_slice(&signature)
            .map_err(|_| MediaError::SignatureInvalid)?;
        Ok(signed.user)
    }

    async fn key(&self, store: &MessageStore, day: u64) -> Result<Vec<u8>, Error> {
        if let Some(key) = self.keys.lock().get(&day) {
            return Ok(key.clone());
        }
        let mut candidate = vec![0; 32];
        rand::rng().fill_bytes(&mut candidate);
        let request = ShareUrlKeyRequest {
            day: i64::try_from(day).unwrap_or(i64::MAX),
            candidate,
        };
        let key = store.share_url_key(request).await?.key;
        let mut keys = self.keys.lock();
        keys.insert(day, key.clone());
        while keys.len() > KEYS {
            keys.pop_first();
        }
        Ok(key)
    }
}

fn mac(
    key: &[u8],
    purpose: Purpose,
    (user, media): (UserId, MediaId),
    expires: u64,
) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(format!("{}\n{media}\n{user}\n{expires}", purpose.word()).as_bytes());
    mac
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}
