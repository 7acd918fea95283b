//! From accounts, sessions and keys to the wire.

use std::time::{SystemTime, UNIX_EPOCH};

use confab_ids::UserId;
use confab_proto::auth::{SigningKey, TokenPair, User};

use crate::account::Account;
use crate::keys::PublicKey;
use crate::session::LoggedIn;

pub fn logged_in(new: LoggedIn) -> (User, TokenPair) {
    let tokens = TokenPair {
        access_token: new.tokens.access,
        refresh_token: new.tokens.refresh,
        expires_in_seconds: i64::try_from(new.tokens.expires_in.as_secs()).unwrap_or(i64::MAX),
    };
    (own_user(new.account), tokens)
}

/// An account as its owner sees it.
pub fn own_user(account: Account) -> User {
    User {
        id: account.id.to_string(),
        username: account.username,
        display_name: account.display_name,
        avatar_url: account.avatar_url,
        created_at_ms: millis(account.created_at),
        last_seen_at_ms: account.last_seen_at.map_or(0, millis),
        email: account.email,
    }
}

/// An account as somebody sees it: the e-mail address is its owner's only.
pub fn user_seen_by(account: Account, viewer: Option<UserId>) -> User {
    let own = viewer == Some(account.id);
    let user = own_user(account);
    if own {
        user
    } else {
        User {
            email: String::new(),
            ..user
        }
    }
}

pub fn signing_key(key: PublicKey) -> SigningKey {
    SigningKey {
        key_id: key.id,
        algorithm: "EdDSA".to_owned(),
        curve: "Ed25519".to_owned(),
        public_key: key.bytes.to_vec().into(),
    }
}

fn millis(at: SystemTime) -> i64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
