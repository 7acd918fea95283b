//! Topics over Redis sharded pub/sub: publish an event, hold a topic while somebody needs it.
//!
//! Redis is a loudspeaker: what was said while nobody listened is gone. The bus never hides that; it
//! says [`Delivery::Missed`] whenever events may have been lost, and leaves the memory to others.
#![warn(missing_docs)]

mod connection;
mod holds;
mod publisher;
mod subscriber;
mod topic;

pub use publisher::Publisher;
pub use subscriber::{Deliveries, Delivery, Hold, Subscriber};
pub use topic::Topic;

/// Why an event could not be published or a topic not be held.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The URL is not one of a Redis server.
    #[error("REDIS_URL cannot be used: {0}")]
    Url(#[source] fred::error::Error),
    /// Redis refused, or cannot be reached.
    #[error("redis: {0}")]
    Redis(#[from] fred::error::Error),
    /// Redis did not answer in time.
    #[error("redis did not answer in time")]
    Timeout,
}
