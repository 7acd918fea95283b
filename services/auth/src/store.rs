//! Accounts, sessions, blocks and keys in MongoDB. Nothing above this knows the database.

pub mod blocks;
mod calls;
mod connect;
mod failure;
mod indexes;
pub mod sessions;
pub mod signing_keys;
pub mod users;

use std::future::IntoFuture as _;
use std::time::Duration;

use mongodb::Client;

use blocks::Blocks;
use calls::Calls;
pub use connect::{is_database_name, is_uri};
pub use failure::StoreError;
use sessions::Sessions;
use signing_keys::SigningKeys;
use users::Users;

/// How long saying goodbye may take; the server finds out by itself.
const GOODBYE: Duration = Duration::from_secs(2);

/// The database of this service. Clones share its connections.
#[derive(Clone)]
pub struct Store {
    client: Client,
    calls: Calls,
}

impl Store {
    pub fn users(&self) -> Users {
        Users::new(self.calls.clone())
    }

    pub fn sessions(&self) -> Sessions {
        Sessions::new(self.calls.clone())
    }

    pub fn blocks(&self) -> Blocks {
        Blocks::new(self.calls.clone())
    }

    pub fn signing_keys(&self) -> SigningKeys {
        SigningKeys::new(self.calls.clone())
    }

    /// Closes all connections.
    pub async fn close(self) {
        let close = self.client.shutdown().immediate(true).into_future();
        if tokio::time::timeout(GOODBYE, close).await.is_err() {
            tracing::warn!("closing the connections to MongoDB took too long");
        }
    }
}
