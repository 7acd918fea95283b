//! What an account is, as everybody but the store and the password check knows it.

pub mod admit_external;
pub mod batch_get;
pub mod change_password;
pub mod get_by_username;
pub mod list_newest;
pub mod log_in;
pub mod name;
pub mod record_last_seen;
pub mod search;
pub mod sign_up;
pub mod update_profile;

use std::time::SystemTime;

use confab_ids::UserId;

use crate::profile::LastSeenVisibility;

/// A person's account, without the password's hash: what is not here cannot leak.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub id: UserId,
    pub username: String,
    /// For the owner's eyes only.
    pub email: String,
    pub display_name: String,
    pub avatar_url: String,
    pub bio: String,
    pub last_seen_visibility: LastSeenVisibility,
    pub created_at: SystemTime,
    pub last_seen_at: Option<SystemTime>,
}

/// A user, and when they were seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastSeen {
    pub user: UserId,
    pub at: SystemTime,
}
