//! A user, a login and the keys behind it, as native clients see them.

use confab_proto::auth::{LastSeenVisibility, Session, SigningKey, TokenPair, User};
use serde::Serialize;
use utoipa::ToSchema;

use super::rfc3339;
use crate::contract::words::{AnyId, Audience, Time};

/// A user. The e-mail address is there for the user alone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
pub struct UserView<'a> {
    #[schema(value_type = AnyId)]
    pub id: &'a str,
    pub username: &'a str,
    #[schema(required)]
    pub display_name: Option<&'a str>,
    #[schema(required)]
    pub avatar_url: Option<&'a str>,
    #[schema(required, value_type = Option<Time>)]
    pub created_at: Option<String>,
    #[schema(required, value_type = Option<Time>)]
    pub last_seen: Option<String>,
    #[schema(required)]
    pub bio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub email: Option<&'a str>,
    /// For the user alone, as the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Audience)]
    pub last_seen_visibility: Option<&'static str>,
}

impl<'a> From<&'a User> for UserView<'a> {
    fn from(user: &'a User) -> Self {
        let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let (visibility, own) = (user.last_seen_visibility(), !user.email.is_empty());
        // Whoever is to see more asks `presence::sight`.
        let is_seen = own || visibility.name() == "everyone";
        Self {
            id: &user.id,
            username: &user.username,
            display_name: given(&user.display_name),
            avatar_url: given(&user.avatar_url),
            created_at: rfc3339(user.created_at_ms),
            last_seen: rfc3339(user.last_seen_at_ms).filter(|_| is_seen),
            bio: given(&user.bio),
            last_seen_visibility: own.then(|| visibility.name()),
            email: given(&user.email),
        }
    }
}

/// Who may see when a user was last seen, in the words of clients.
pub trait Visibility: Sized {
    fn name(self) -> &'static str;
    fn named(name: &str) -> Option<Self>;
}

impl Visibility for LastSeenVisibility {
    fn name(self) -> &'static str {
        match self {
            Self::Unspecified | Self::Everyone => "everyone",
            Self::Contacts => "contacts",
            Self::Nobody => "nobody",
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "everyone" => Some(Self::Everyone),
            "contacts" => Some(Self::Contacts),
            "nobody" => Some(Self::Nobody),
            _ => None,
        }
    }
}

/// Users, in some order.
#[derive(Serialize, ToSchema)]
pub struct UserList<'a> {
    pub users: Vec<UserView<'a>>,
}

/// One page of users that were searched for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserPage<'a> {
    pub users: Vec<UserView<'a>>,
    /// What to give as `after` for the next page.
    #[schema(required)]
    pub next_cursor: Option<&'a str>,
}

/// The logins of a user.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionList)]
pub struct LoginList<'a> {
    sessions: Vec<LoginView<'a>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
struct LoginView<'a> {
    #[schema(value_type = AnyId)]
    id: &'a str,
    #[schema(required, value_type = Option<Time>)]
    created_at: Option<String>,
    #[schema(required, value_type = Option<Time>)]
    last_used_at: Option<String>,
    #[schema(required)]
    user_agent: Option<&'a str>,
    #[schema(required)]
    address: Option<&'a str>,
    /// Whether it is the one that asks.
    current: bool,
}

impl<'a> LoginList<'a> {
    /// All of a user's logins, asked for by one of them.
    pub fn new(sessions: &'a [Session], current: &str) -> Self {
        let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let view = |session: &'a Session| {
            let device = session.device.as_ref();
            LoginView {
                id: &session.id,
                created_at: rfc3339(session.created_at_ms),
                last_used_at: rfc3339(session.last_used_at_ms),
                user_agent: device.and_then(|device| given(&device.user_agent)),
                address: device.and_then(|device| given(&device.address)),
                current: session.id == current,
            }
        };
        Self {
            sessions: sessions.iter().map(view).collect(),
        }
    }
}

/// What a client needs to act as a user.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Login)]
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
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    keys: Vec<KeyView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Key)]
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
