//! The members of a room, page by page.

use confab_ids::{RoomId, UserId};

use super::Member;
use super::check::check;
use crate::context::Context;
use crate::error::Error;

/// Members in the order of their ids.
pub struct Members {
    pub members: Vec<Member>,
    /// From where to go on; none at the end.
    pub next: Option<UserId>,
}

/// Lists at most `limit` members with ids above `after`.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; or the store fails.
pub async fn list(
    context: &Context,
    user: UserId,
    room: RoomId,
    after: Option<UserId>,
    limit: usize,
) -> Result<Members, Error> {
    check(context, room, user).await?;
    // One more than asked for tells whether there are more.
    let mut members = context.store.members_after(room, after, limit + 1).await?;
    let more = members.len() > limit;
    members.truncate(limit);
    let next = members.last().filter(|_| more).map(|member| member.user);
    Ok(Members { members, next })
}
