//! A user ends sessions of theirs.

use confab_ids::SessionId;
use confab_proto::auth::{EndedSession, RevokeOtherSessionsRequest, RevokeSessionRequest};

use super::end;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// Ends one session of the caller, be it this one.
#[tracing::instrument(target = "confab", name = "session.revoke", skip_all)]
pub async fn revoke(
    gateway: &Gateway,
    principal: &Principal,
    session: SessionId,
) -> Result<(), Error> {
    let request = RevokeSessionRequest {
        user_id: principal.user.to_string(),
        session_id: session.to_string(),
    };
    gateway.clients.auth.revoke_session(request).await?;
    end::tell(gateway, principal.user, &[session]);
    Ok(())
}

/// Ends all sessions of the caller but this one.
#[tracing::instrument(target = "confab", name = "session.revoke_others", skip_all)]
pub async fn revoke_others(gateway: &Gateway, principal: &Principal) -> Result<(), Error> {
    let request = RevokeOtherSessionsRequest {
        user_id: principal.user.to_string(),
        kept_session_id: principal.session.to_string(),
    };
    let answer = gateway.clients.auth.revoke_other_sessions(request).await?;
    ended(gateway, principal, &answer.session_ids);
    Ok(())
}

/// Auth has ended these sessions of the caller.
pub fn ended(gateway: &Gateway, principal: &Principal, sessions: &[String]) {
    let sessions: Vec<_> = sessions.iter().filter_map(|id| id.parse().ok()).collect();
    end::tell(gateway, principal.user, &sessions);
}

/// Auth has ended a session by its refresh token.
pub fn ended_by_token(gateway: &Gateway, session: &EndedSession) {
    if let (Ok(user), Ok(session)) = (session.user_id.parse(), session.session_id.parse()) {
        end::tell(gateway, user, &[session]);
    }
}
