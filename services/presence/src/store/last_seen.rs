//! Last-seen times in Redis: kept there, one per user, until auth has stored them.

use std::time::Duration;

use super::{Store, StoreError, millis};
use crate::last_seen::LastSeen;

impl Store {
    /// Up to `limit` last-seen times that auth has not stored, and the turn to store them: no other
    /// replica gets any until [`Self::stored`], or until `turn` is over.
    pub async fn unstored(
        &self,
        limit: usize,
        turn: Duration,
    ) -> Result<Vec<LastSeen>, StoreError> {
        let arguments = [limit.to_string(), millis(turn)];
        let flat: Vec<String> = self.run(&self.0.scripts.unstored, arguments).await?;
        Ok(flat
            .as_chunks::<2>()
            .0
            .iter()
            .filter_map(|[user, at_ms]| {
                Some(LastSeen {
                    user: user.parse().ok()?,
                    at_ms: at_ms.parse().ok()?,
                })
            })
            .collect())
    }

    /// Auth has stored these; the turn is over.
    pub async fn stored(&self, stored: &[LastSeen]) -> Result<(), StoreError> {
        let arguments = stored
            .iter()
            .flat_map(|seen| [seen.user.to_string(), seen.at_ms.to_string()]);
        self.run(&self.0.scripts.stored, arguments).await
    }
}
