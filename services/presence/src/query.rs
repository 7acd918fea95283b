//! Who is online.

use confab_ids::UserId;

use crate::context::Context;
use crate::error::Error;

/// How many users one query may name.
pub const MOST_USERS: usize = 1_000;

/// Whether a user is online, as others should see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    pub user: UserId,
    /// True also while nobody has been told that the user left; none if no gateway has told of a socket of
    /// theirs, and not all that live may have told of theirs yet.
    pub online: Option<bool>,
    pub connections: i32,
}

/// Answers the presence of users, in the order asked for. Without Redis the answer is "unknown", an
/// error: never "offline".
pub async fn query(context: &Context, users: &[UserId]) -> Result<Vec<Presence>, Error> {
    if users.len() > MOST_USERS {
        return Err(Error::UserIdsInvalid);
    }
    Ok(context.store.presences(users).await?)
}
