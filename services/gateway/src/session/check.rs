//! Asking auth whether sessions are live: when a socket has just subscribed to its user's topic, and when
//! events on it may have been lost.

use std::collections::HashMap;

use confab_fault::Fault;
use confab_ids::{SessionId, UserId};
use confab_proto::auth::CheckSessionsRequest;

use super::end;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// How many auth looks up at once.
const BATCH: usize = 1_000;

/// Whether a session is live. Auth being away must not keep anybody out whose token is good.
pub async fn is_live(gateway: &Gateway, principal: &Principal) -> bool {
    match ended(gateway, &[principal.session]).await {
        Ok(ended) => ended.is_empty(),
        Err(fault) => {
            tracing::warn!(%fault, "cannot ask whether a session is live, going on");
            true
        }
    }
}

/// Closes the sockets here whose sessions have ended unheard.
pub async fn recheck(gateway: &Gateway) -> Result<(), Fault> {
    let connections = gateway.connections.all();
    let users: HashMap<SessionId, UserId> = connections
        .iter()
        .map(|one| (one.principal.session, one.principal.user))
        .collect();
    let sessions: Vec<_> = users.keys().copied().collect();
    for batch in sessions.chunks(BATCH) {
        for session in ended(gateway, batch).await? {
            end::end(gateway, users[&session], &[session]);
        }
    }
    Ok(())
}

/// Those of these sessions that are not live.
async fn ended(gateway: &Gateway, sessions: &[SessionId]) -> Result<Vec<SessionId>, Fault> {
    let request = CheckSessionsRequest {
        session_ids: sessions.iter().map(ToString::to_string).collect(),
    };
    let live = gateway.clients.auth.check_sessions(request).await?;
    let live: std::collections::HashSet<SessionId> = live
        .session_ids
        .iter()
        .filter_map(|id| id.parse().ok())
        .collect();
    let ended = sessions.iter().filter(|session| !live.contains(session));
    Ok(ended.copied().collect())
}
