//! The id of the one room of two people follows from who they are (`RoomId::of_two`).
//!
//! So a creation that broke off half-way is finished by the next one.

use confab_ids::{RoomId, UserId};

/// The room of `one` and `other`, in either order.
#[must_use]
pub fn room_of(one: UserId, other: UserId) -> RoomId {
    RoomId::of_two(one, other)
}
