//! An account as MongoDB keeps it.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::{email, username};

/// All that is stored.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    username: String,
    username_folded: String,
    email: String,
    email_folded: String,
    password_hash: String,
    display_name: String,
    avatar_url: String,
    created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<DateTime>,
    /// For moderation to come; nobody has a role yet.
    #[serde(default)]
    roles: Vec<String>,
}

/// What is read unless somebody logs in.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    username: String,
    email: String,
    display_name: String,
    avatar_url: String,
    created_at: DateTime,
    #[serde(default)]
    last_seen_at: Option<DateTime>,
}

impl UserDocument {
    pub fn new(account: &Account, password_hash: String) -> Self {
        Self {
            id: account.id.object_id(),
            username: account.username.clone(),
            username_folded: username::fold(&account.username),
            email: account.email.clone(),
            email_folded: email::fold(&account.email),
            password_hash,
            display_name: account.display_name.clone(),
            avatar_url: account.avatar_url.clone(),
            created_at: DateTime::from_system_time(account.created_at),
            last_seen_at: account.last_seen_at.map(DateTime::from_system_time),
            roles: Vec::new(),
        }
    }

    /// The account, and its password's hash.
    pub fn into_parts(self) -> (Account, String) {
        let account = AccountDocument {
            id: self.id,
            username: self.username,
            email: self.email,
            display_name: self.display_name,
            avatar_url: self.avatar_url,
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
        };
        (account.into(), self.password_hash)
    }
}

impl AccountDocument {
    /// The projection that reads no more than this.
    pub fn fields() -> Document {
        doc! {
            "username": 1, "email": 1, "displayName": 1, "avatarUrl": 1, "createdAt": 1,
            "lastSeenAt": 1,
        }
    }
}

impl From<AccountDocument> for Account {
    fn from(document: AccountDocument) -> Self {
        Self {
            id: document.id.into(),
            username: document.username,
            email: document.email,
            display_name: document.display_name,
            avatar_url: document.avatar_url,
            created_at: document.created_at.to_system_time(),
            last_seen_at: document.last_seen_at.map(DateTime::to_system_time),
        }
    }
}
