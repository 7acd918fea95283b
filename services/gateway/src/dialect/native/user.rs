//! A user, a login and the keys behind it, as native clients see them.

use confab_proto::auth::{SigningKey, TokenPair, User};
use serde::Serialize;

use super::rfc3339;

/// A user. The e-mail address is there for the user alone.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView<'a> {
    pub id: &'a str,
    pub username: &'a str,
    pub display_name: Option<&'a str>,
    pub avatar_url: Option<&'a str>,
    pub created_at: Option<String>,
    pub last_seen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
}

impl<'a> From<&'a User> for UserView<'a> {
    fn from(user: &'a User) -> Self {
        let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        Self {
            id: &user.id,
            username: &user.username,
            display_name: given(&user.display_name),
            avatar_url: given(&user.avatar_url),
            created_at: rfc3339(user.created_at_ms),
            last_seen: rfc3339(user.last_seen_at_ms),
            email: given(&user.email),
        }
    }
}

/// Users that were searched for.
#[derive(Serialize)]
pub struct UserList<'a> {
    pub users: Vec<UserView<'a>>,
}

/// What a client needs to act as a user.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionView<'a> {
    pub user: UserView<'a>,
    pub access_token: &'a str,
    pub refresh_token: &'a str,
    /// Seconds.
    pub expires_in: i64,
}

impl<'a> SessionView<'a> {
    /// A new login, or a renewed one.
    pub fn new(user: &'a User, tokens: &'a TokenPair) -> Self {
        Self {
            user: UserView::from(user),
            access_token: &tokens.access_token,
            refresh_token: &tokens.refresh_token,
            expires_in: tokens.expires_in_seconds,
        }
    }
}

/// A JSON Web Key Set (RFC 7517) of Ed25519 keys (RFC 8037).
#[derive(Serialize)]
pub struct KeySet {
    keys: Vec<KeyView>,
}

#[derive(Serialize)]
struct KeyView {
    kty: &'static str,
    r#use: &'static str,
    alg: String,
    crv: String,
    kid: String,
    x: String,
}

impl From<Vec<SigningKey>> for KeySet {
    fn from(keys: Vec<SigningKey>) -> Self {
        use base64::Engine as _;
        let keys = keys
            .into_iter()
            .map(|key| KeyView {
                kty: "OKP",
                r#use: "sig",
                alg: key.algorithm,
                crv: key.curve,
                kid: key.key_id,
                x: base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(&key.public_key),
            })
            .collect();
        Self { keys }
    }
}
