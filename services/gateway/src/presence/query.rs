//! Asking who is online, and when the others were last seen.

use confab_ids::UserId;
use confab_proto::presence::QueryRequest;

use crate::dialect::native::{PresenceView, rfc3339};
use crate::error::Error;
use crate::gateway::Gateway;

/// The presence of users as it is, in the order asked for; [`super::sight`] says who may see what of it.
pub async fn query(gateway: &Gateway, users: &[UserId]) -> Result<Vec<PresenceView>, Error> {
    let user_ids: Vec<_> = users.iter().map(ToString::to_string).collect();
    let profiles = gateway
        .profiles
        .many(user_ids.iter().map(String::as_str))
        .await?;
    let answer = gateway
        .clients
        .presence
        .query(QueryRequest { user_ids })
        .await?;
    let view = |presence: confab_proto::presence::Presence| {
        let seen = profiles
            .get(&presence.user_id)
            .map_or(0, |user| user.last_seen_at_ms);
        PresenceView {
            online: presence.online,
            last_seen: rfc3339(seen).filter(|_| !presence.online),
            user_id: presence.user_id,
        }
    };
    Ok(answer.presences.into_iter().map(view).collect())
}
