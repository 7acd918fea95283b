//! The id of the one room of two people follows from who they are.
//!
//! So two who open it at the same moment, on different replicas, mean the same room without asking
//! anybody, and a creation that broke off half-way is finished by the next one.

use confab_ids::{RoomId, UserId};
use sha2::{Digest as _, Sha256};

/// The room of `one` and `other`, in either order.
#[must_use]
pub fn room_of(one: UserId, other: UserId) -> RoomId {
    let mut hash = Sha256::new_with_prefix(b"confab room of two");
    hash.update(one.min(other).object_id().bytes());
    hash.update(one.max(other).object_id().bytes());
    let digest = hash.finalize();
    // 96 bits: among a billion such rooms, two share an id with a chance of 1 in 10^11.
    let hex: String = digest[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    hex.parse().expect("12 bytes make 24 hex digits")
}
