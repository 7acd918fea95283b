//! Topics over Redis sharded pub/sub: publish an event, hold a topic while somebody needs it.
//!
//! Redis is a loudspeaker: what was said while nobody listened is gone. The bus never hides that; it
//! says [`Delivery::Missed`] whenever events may have been lost, and leaves the memory to others.
#![warn(missing_docs)]

mod holds;
mod payload;
mod publisher;
mod subscriber;
mod topic;

pub use publisher::Publisher;
pub use subscriber::{Deliveries, Delivery, Hold, Subscriber};
pub use topic::Topic;

/// Why an event could not be published or a topic not be held.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// Redis refused, did not answer in time, or cannot be reached.
    #[error("redis: {0}")]
    Redis(#[from] fred::error::Error),
}
