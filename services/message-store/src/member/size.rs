//! How many members rooms have, as of a moment ago.

use std::time::Duration;

use confab_ids::RoomId;
use moka::sync::Cache;

use crate::context::Context;
use crate::error::Error;

/// Fifty bytes each.
const MOST_KNOWN: u64 = 100_000;
/// A room does not become large in less.
const KNOWN_FOR: Duration = Duration::from_secs(30);

/// Sizes seen lately, so that a receipt reads nothing for them.
pub struct Sizes(Cache<RoomId, i32>);

impl Sizes {
    #[must_use]
    pub fn new() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST_KNOWN)
                .time_to_live(KNOWN_FOR)
                .build(),
        )
    }

    /// How many members a room has.
    ///
    /// # Errors
    /// If there is no such room, or the store fails.
    pub async fn of(&self, context: &Context, room: RoomId) -> Result<i32, Error> {
        if let Some(size) = self.0.get(&room) {
            return Ok(size);
        }
        let found = context.store.find_room(room).await?;
        let size = found.ok_or(Error::RoomNotFound)?.member_count;
        self.0.insert(room, size);
        Ok(size)
    }
}
