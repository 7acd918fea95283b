//! The accounts that auth keeps.

use std::time::Duration;

use confab_chassis::CancellationToken;
use confab_chassis::grpc::{Deadline, Peers};
use confab_fault::Fault;
use confab_proto::auth::RecordLastSeenRequest;
use confab_proto::auth::auth_service_client::AuthServiceClient;
use url::Url;

use crate::last_seen::LastSeen;

/// Shorter than a replica's turn, so that two rarely store the same.
const DEADLINE: Deadline = Deadline(Duration::from_secs(3));

/// The auth service.
#[derive(Clone)]
pub struct Accounts(Peers);

impl Accounts {
    pub async fn follow(urls: Vec<Url>, stop: CancellationToken) -> Self {
        Self(Peers::follow("auth", urls, stop).await)
    }

    /// Stores when users were last seen. Repeating it changes nothing.
    pub async fn record_last_seen(&self, seen: &[LastSeen]) -> Result<(), Fault> {
        let last_seen = seen
            .iter()
            .map(|seen| confab_proto::auth::LastSeen {
                user_id: seen.user.to_string(),
                at_ms: seen.at_ms,
            })
            .collect();
        let request = RecordLastSeenRequest { last_seen };
        self.0
            .call(DEADLINE, async |caller| {
                AuthServiceClient::new(caller)
                    .record_last_seen(request.clone())
                    .await
            })
            .await?;
        Ok(())
    }
}
