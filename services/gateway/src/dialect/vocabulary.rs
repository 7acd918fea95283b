//! What makes a dialect.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::future::BoxFuture;

use super::{Packet, Told};
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;
use crate::socket::{Reply, Said};

/// The words of a dialect.
pub trait Vocabulary: Send + Sync {
    /// The name of its namespace and of its REST prefix.
    fn name(&self) -> &'static str;

    /// Its habits.
    fn manner(&self) -> Manner;

    /// Why somebody may not connect.
    fn refuse(&self, why: &Error) -> &'static str;

    /// What happened, as events.
    fn tell(&self, told: &Told<'_>) -> Vec<Packet>;

    /// Does what a client says; answers the event's name if there is such an event.
    fn hear<'a>(&'a self, said: Said<'a>) -> BoxFuture<'a, Option<&'static str>>;

    /// An event was not done. `early` ones are of sockets that are not ready yet.
    fn fail(&self, connection: Option<&Connection>, reply: Reply, error: Error);

    /// Its REST side, without the prefix.
    fn routes(&self) -> Router<Arc<Gateway>>;

    /// What maps to what, for people.
    fn document(&self) -> &'static str;
}

/// Where a client may put its token when it connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// In `auth`.
    Auth,
    /// Or in the query.
    AuthOrQuery,
    /// Or in a header.
    Anywhere,
}

/// Whose presence a socket sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Theirs whom it asks for.
    Asked,
    /// Theirs with whom its user shares a room, one by one, as they come and go.
    Edges,
    /// Theirs, too, as a list of all who are online.
    List,
}

/// Until tomorrow: how long a socket may outlive its token where clients cannot renew it. A bound for the
/// case that all word of its session's end was lost.
pub const A_DAY: Duration = Duration::from_secs(24 * 3_600);

/// The habits of a dialect.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Where tokens are looked for.
    pub token: TokenPlace,
    /// Whether tokens of issuers elsewhere are good.
    pub external: bool,
    /// Whose presence is shown.
    pub shows: Shows,
    /// Whether a client hears of a room only while it says that it is there.
    pub joins: bool,
    /// Whether a client hears all that is said from when it is connected on: it is told nothing of where its
    /// rooms are, and has read them, or is about to.
    pub at_once: bool,
    /// Whether it names the messages that were read.
    pub names_read: bool,
    /// How long a socket stays open at least, though its token expires: for clients that bring a newer one
    /// only when they connect anew. Its session being over closes it all the same.
    pub stays: Duration,
    /// How long typing lasts without a further word.
    pub typing_lasts: Duration,
}
