//! Whether somebody is a member of a room.

use std::time::Duration;

use confab_ids::{RoomId, UserId};
use moka::sync::Cache;

use crate::context::Context;
use crate::error::Error;

/// A hundred bytes each.
const MOST_KNOWN: u64 = 200_000;
/// How long a replica may take somebody for a member whom another replica has taken out. Calls about a
/// room go to the same replica while it lives, so mostly it knows at once.
const KNOWN_FOR: Duration = Duration::from_secs(3);

/// Memberships seen lately, so that a send reads nothing. That somebody is not a member is never
/// kept: it may change at any moment.
pub struct Memberships(Cache<(RoomId, UserId), ()>);

impl Memberships {
    #[must_use]
    pub fn new() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST_KNOWN)
                .time_to_live(KNOWN_FOR)
                .build(),
        )
    }

    /// Somebody may no longer be a member.
    pub fn forget(&self, room: RoomId, user: UserId) {
        self.0.invalidate(&(room, user));
    }
}

/// Passes if `user` is a member of `room`.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; or the store fails.
pub async fn check(context: &Context, room: RoomId, user: UserId) -> Result<(), Error> {
    let Memberships(known) = &context.memberships;
    if known.contains_key(&(room, user)) {
        return Ok(());
    }
    // Members are stored before their room, so a member alone does not make a room.
    let (member, hints) = tokio::try_join!(
        context.store.find_member(room, user),
        context.store.head_hints(std::slice::from_ref(&room)),
    )?;
    if member.is_none() || hints.is_empty() {
        return Err(Error::RoomNotFound);
    }
    known.insert((room, user), ());
    Ok(())
}
