//! Giving events to local sockets: each event once, in order, put into words once for each dialect.
//!
//! Redis says what is new; message-store knows what there is. A room's stream follows the room's
//! revisions and fills what Redis lost.

mod connection;
mod connection_id;
mod connections;
mod contacts;
mod heads;
mod holes;
mod listen;
mod look;
mod mend;
mod news;
mod people;
mod receipts;
mod rooms;
mod sequencer;
mod sighting;
mod stream;
mod ties;
mod typists;
mod watchers;

pub use connection::{Connection, Hidden};
pub use connection_id::ConnectionId;
pub use connections::Connections;
pub use heads::follow as follow_heads;
pub use holes::Holes;
pub use listen::{hear, listen};
pub use news::{sender_of, senders_of};
pub use people::People;
pub use rooms::Rooms;
pub use sighting::{Sighting, list as list_online};
pub use ties::{Move, Ties};
pub use watchers::Watchers;
