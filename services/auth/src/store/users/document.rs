//! An account as MongoDB keeps it.

use confab_ids::UserId;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{DateTime, Document, doc};
use serde::{Deserialize, Serialize};

use super::search::display_key;
use crate::account::Account;
use crate::external::External;
use crate::profile::{LastSeenVisibility, ProfileChange};
use crate::{email, profile, username};

/// Who may see when a user was last seen.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VisibilityDocument {
    #[default]
    Everyone,
    Contacts,
    Nobody,
}

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
    /// What a display name is found by; there once it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    display_key: Option<String>,
    #[serde(default)]
    bio: String,
    #[serde(default)]
    last_seen_visibility: VisibilityDocument,
    created_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<DateTime>,
    /// For moderation to come; nobody has a role yet.
    #[serde(default)]
    roles: Vec<String>,
    /// Of somebody who logs in elsewhere: where, and by what they are known there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external: Option<ExternalDocument>,
    /// Both in one, for the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external_key: Option<String>,
}

/// An issuer, and its word for somebody.
#[derive(Serialize, Deserialize)]
pub struct ExternalDocument {
    issuer: String,
    subject: String,
}

/// The two in one. An issuer is a URL and has no space.
pub fn external_key(external: &External) -> String {
    format!("{} {}", external.issuer(), external.subject())
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
    #[serde(default)]
    bio: String,
    #[serde(default)]
    last_seen_visibility: VisibilityDocument,
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
            display_key: (!account.display_name.is_empty())
                .then(|| display_key(&profile::fold(&account.display_name), account.id)),
            password_hash,
            display_name: account.display_name.clone(),
            avatar_url: account.avatar_url.clone(),
            bio: account.bio.clone(),
            last_seen_visibility: account.last_seen_visibility.into(),
            created_at: DateTime::from_system_time(account.created_at),
            last_seen_at: account.last_seen_at.map(DateTime::from_system_time),
            roles: Vec::new(),
            external: None,
            external_key: None,
        }
    }

    /// Of somebody who logs in elsewhere: no password is theirs, and their address is nobody's login.
    pub fn external(account: &Account, external: &External) -> Self {
        let key = external_key(external);
        Self {
            // No address begins with a space.
            email_folded: format!(" {key}"),
            external: Some(ExternalDocument {
                issuer: external.issuer().to_owned(),
                subject: external.subject().to_owned(),
            }),
            external_key: Some(key),
            ..Self::new(account, String::new())
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
            bio: self.bio,
            last_seen_visibility: self.last_seen_visibility,
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
            "username": 1, "email": 1, "displayName": 1, "avatarUrl": 1, "bio": 1,
            "lastSeenVisibility": 1, "createdAt": 1, "lastSeenAt": 1,
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
            bio: document.bio,
            last_seen_visibility: document.last_seen_visibility.into(),
            created_at: document.created_at.to_system_time(),
            last_seen_at: document.last_seen_at.map(DateTime::to_system_time),
        }
    }
}

impl From<LastSeenVisibility> for VisibilityDocument {
    fn from(visibility: LastSeenVisibility) -> Self {
        match visibility {
            LastSeenVisibility::Everyone => Self::Everyone,
            LastSeenVisibility::Contacts => Self::Contacts,
            LastSeenVisibility::Nobody => Self::Nobody,
        }
    }
}

impl From<VisibilityDocument> for LastSeenVisibility {
    fn from(visibility: VisibilityDocument) -> Self {
        match visibility {
            VisibilityDocument::Everyone => Self::Everyone,
            VisibilityDocument::Contacts => Self::Contacts,
            VisibilityDocument::Nobody => Self::Nobody,
        }
    }
}

/// What to do to an account to change its profile; empty for nothing.
pub fn update(user: UserId, change: &ProfileChange) -> Document {
    let (mut set, mut unset) = (Document::new(), Document::new());
    if let Some(name) = &change.display_name {
        set.insert("displayName", name.as_str());
        if name.as_str().is_empty() {
            unset.insert("displayKey", "");
        } else {
            set.insert("displayKey", display_key(&name.folded(), user));
        }
    }
    if let Some(url) = &change.avatar_url {
        set.insert("avatarUrl", url.as_str());
    }
    if let Some(bio) = &change.bio {
        set.insert("bio", bio.as_str());
    }
    if let Some(visibility) = change.last_seen_visibility {
        let text = match VisibilityDocument::from(visibility) {
            VisibilityDocument::Everyone => "everyone",
            VisibilityDocument::Contacts => "contacts",
            VisibilityDocument::Nobody => "nobody",
        };
        set.insert("lastSeenVisibility", text);
    }
    let mut update = Document::new();
    if !set.is_empty() {
        update.insert("$set", set);
    }
    if !unset.is_empty() {
        update.insert("$unset", unset);
    }
    update
}
