//! How far the members of a room have come, and when.

use confab_ids::{RoomId, UserId};

use super::Receipts;
use crate::context::Context;
use crate::error::Error;
use crate::member::check::check;

/// How many members: in larger rooms receipts are not shown.
const MOST: usize = 100;

/// The receipts of a room's first members.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; or the store fails.
pub async fn list(context: &Context, user: UserId, room: RoomId) -> Result<Vec<Receipts>, Error> {
    check(context, room, user).await?;
    Ok(context.store.receipts(room, MOST).await?)
}
