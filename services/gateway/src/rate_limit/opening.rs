//! That a connection was paid for when it was opened. Whoever takes leave and says hello again on the
//! same connection makes all the work of a new one, and pays again. No I/O.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::client_address::ClientAddress;

/// Goes along with the request that opened a connection.
#[derive(Clone, Debug)]
pub struct Opening {
    /// From where.
    pub address: ClientAddress,
    used: Arc<AtomicBool>,
}

impl Opening {
    /// One connection from an address, paid for.
    pub fn paid(address: ClientAddress) -> Self {
        Self {
            address,
            used: Arc::default(),
        }
    }

    /// Whether what was paid for is still to be had; it is had only once.
    pub fn redeem(&self) -> bool {
        !self.used.swap(true, Ordering::Relaxed)
    }
}
