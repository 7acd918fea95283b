//! Asking who is online, and when the others were last seen.

use confab_fault::{Fault, Kind};
use confab_ids::UserId;
use confab_proto::presence::{Presence, QueryRequest};

use crate::dialect::native::{PresenceView, rfc3339};
use crate::error::Error;
use crate::gateway::Gateway;

/// The presence of users as it is, in the order asked for; [`super::sight`] says who may see what of it. None
/// of whom nothing is known: while gateways tell of their sockets again, because Redis has lost its data, who
/// is not known to be online may be.
pub async fn known(
    gateway: &Gateway,
    users: &[UserId],
) -> Result<Vec<Option<PresenceView>>, Error> {
    let user_ids: Vec<_> = users.iter().map(ToString::to_string).collect();
    let profiles = gateway
        .profiles
        .many(user_ids.iter().map(String::as_str))
        .await?;
    let request = QueryRequest { user_ids };
    let answer = gateway.clients.presence.query(request).await?;
    let view = |presence: Presence| {
        let seen = profiles
            .get(&presence.user_id)
            .map_or(0, |user| user.last_seen_at_ms);
        (!presence.unknown).then(|| PresenceView {
            online: presence.online,
            last_seen: rfc3339(seen).filter(|_| !presence.online),
            user_id: presence.user_id,
        })
    };
    Ok(answer.presences.into_iter().map(view).collect())
}

/// The presence of users, if it is known of all of them.
pub fn all_known(presences: Vec<Option<PresenceView>>) -> Result<Vec<PresenceView>, Error> {
    let unknown = || {
        let detail = "nobody knows who is online now";
        Fault::new(Kind::Unavailable, "PRESENCE_UNKNOWN", detail)
    };
    let known: Option<Vec<_>> = presences.into_iter().collect();
    Ok(known.ok_or_else(unknown)?)
}
