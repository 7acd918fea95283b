//! From accounts, sessions and keys to the wire.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use confab_ids::UserId;
use confab_proto::auth::{
    Device, EndedSession, KeyState as State, LastSeenVisibility as Visibility, Session, SigningKey,
    TokenPair, User,
};

use crate::account::Account;
use crate::keys::{self, KeyState};
use crate::profile::LastSeenVisibility;
use crate::session::{self, Ended, LoggedIn};

pub fn logged_in(new: LoggedIn) -> (User, TokenPair) {
    let tokens = TokenPair {
        access_token: new.tokens.access,
        refresh_token: new.tokens.refresh,
        expires_in_seconds: seconds(new.tokens.expires_in),
        refresh_expires_in_seconds: seconds(new.tokens.refresh_expires_in),
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
        bio: account.bio,
        last_seen_visibility: visibility(account.last_seen_visibility).into(),
    }
}

/// An account as somebody sees it: the e-mail address is its owner's only, and so may the time be when
/// they were last seen.
pub fn user_seen_by(account: Account, viewer: Option<UserId>) -> User {
    let own = viewer == Some(account.id);
    let hidden = account.last_seen_visibility == LastSeenVisibility::Nobody;
    let user = own_user(account);
    if own {
        return user;
    }
    User {
        email: String::new(),
        last_seen_at_ms: if hidden { 0 } else { user.last_seen_at_ms },
        ..user
    }
}

pub fn session(session: session::Session) -> Session {
    Session {
        id: session.id.to_string(),
        created_at_ms: millis(session.created_at),
        last_used_at_ms: millis(session.used_at),
        device: Some(Device {
            user_agent: session.device.user_agent,
            address: session.device.address,
        }),
    }
}

pub fn ended(ended: Ended) -> EndedSession {
    EndedSession {
        user_id: ended.user.to_string(),
        session_id: ended.session.to_string(),
    }
}

pub fn ids<T: ToString>(ids: &[T]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

pub fn signing_key((key, state): (keys::SigningKey, KeyState)) -> SigningKey {
    let state = match state {
        KeyState::Next => State::Next,
        KeyState::Active => State::Active,
        KeyState::Retired => State::Retired,
    };
    SigningKey {
        key_id: key.public.id,
        algorithm: "EdDSA".to_owned(),
        curve: "Ed25519".to_owned(),
        public_key: key.public.bytes.to_vec().into(),
        state: state.into(),
        active_from_ms: millis(key.active_from),
    }
}

const fn visibility(visibility: LastSeenVisibility) -> Visibility {
    match visibility {
        LastSeenVisibility::Everyone => Visibility::Everyone,
        LastSeenVisibility::Contacts => Visibility::Contacts,
        LastSeenVisibility::Nobody => Visibility::Nobody,
    }
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

fn millis(at: SystemTime) -> i64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
