//! Giving events to local sockets: each event once, in order, encoded once.
//!
//! Redis says what is new; message-store knows what there is. A room's stream follows the room's
//! revisions and fills what Redis lost.

mod connection;
mod heads;
mod listen;
mod mend;
mod news;
mod people;
mod rooms;
mod sequencer;
mod stream;
mod typists;
mod watchers;

pub use connection::{Connection, Connections, Expired, Hidden, Revoked};
pub use heads::follow as follow_heads;
pub use listen::{hear, listen};
pub use news::{sender_of, senders_of};
pub use people::People;
pub use rooms::Rooms;
pub use watchers::Watchers;
