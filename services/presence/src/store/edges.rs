//! What is still to be told, in Redis: claimed, told, confirmed; what is not confirmed comes up again.

use super::{RETELL, Store, StoreError, millis};
use crate::edge::Edge;

impl Store {
    /// Claims up to `limit` edges that are due. No other replica gets them for a while.
    pub async fn claim(&self, limit: usize) -> Result<Vec<Edge>, StoreError> {
        let arguments = [limit.to_string(), millis(RETELL)];
        let flat: Vec<String> = self.run(&self.0.scripts.claim, arguments).await?;
        Ok(flat
            .as_chunks::<3>()
            .0
            .iter()
            .filter_map(|[user, state, version]| {
                let (user, version) = (user.parse().ok()?, version.parse().ok()?);
                Some(match state.as_str() {
                    "arrived" => Edge::online(user, version),
                    _ => Edge::offline(user, version),
                })
            })
            .collect())
    }

    /// These edges have been told.
    pub async fn confirm(&self, edges: &[Edge]) -> Result<(), StoreError> {
        if edges.is_empty() {
            return Ok(());
        }
        let arguments = edges
            .iter()
            .flat_map(|edge| [edge.user.to_string(), edge.version.to_string()]);
        self.run(&self.0.scripts.confirm, arguments).await
    }
}
