//! The events of one socket, done one after the other: what a client says first happens first.
//!
//! A task runs only while there is something to do; an idle socket costs none.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use socketioxide::extract::AckSender;

use super::ack::Reply;
use super::event;
use super::frame::Frame;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// How many events of one socket may wait; further ones are refused, with a hint when to come back.
const WAITING: usize = 256;
/// How many bytes they may have together.
const WAITING_BYTES: usize = 1 << 20;
/// How long one may wait: its sender has given it up by then, and tries again.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// One socket's events.
pub struct Inbox {
    gateway: Arc<Gateway>,
    dialect: Dialect,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whose events these are, once the socket is ready.
    connection: Option<Arc<Connection>>,
    running: bool,
    /// The socket is gone; what still comes of it is dropped, with the references that it holds.
    stopped: bool,
    waiting: VecDeque<Waiting>,
    bytes: usize,
}

struct Waiting {
    frame: Frame,
    ack: AckSender,
    since: Instant,
}

impl Inbox {
    /// An inbox that only keeps, until it is started.
    pub fn new(gateway: Arc<Gateway>, dialect: Dialect) -> Self {
        Self {
            gateway,
            dialect,
            state: Mutex::default(),
        }
    }

    /// Takes an event.
    pub fn put(self: &Arc<Self>, frame: Frame, ack: AckSender) {
        let mut state = self.state.lock();
        if state.stopped {
            return;
        }
        let bytes = state.bytes + frame.bytes();
        if state.waiting.len() < WAITING && bytes <= WAITING_BYTES {
            state.bytes = bytes;
            state.waiting.push_back(Waiting {
                frame,
                ack,
                since: Instant::now(),
            });
            self.run(&mut state);
            return;
        }
        let connection = state.connection.clone();
        drop(state);
        let reply = Reply::to(&frame, ack);
        let connection = connection.as_deref();
        let vocabulary = self.dialect.vocabulary();
        vocabulary.fail(connection, reply, Error::TooManyInFlight);
    }

    /// From now on events are done, those that were kept first.
    pub fn start(self: &Arc<Self>, connection: Arc<Connection>) {
        let mut state = self.state.lock();
        if !state.stopped {
            state.connection = Some(connection);
            self.run(&mut state);
        }
    }

    /// The socket is gone: what waits is dropped.
    pub fn stop(&self) {
        *self.state.lock() = State {
            stopped: true,
            ..State::default()
        };
    }

    fn run(self: &Arc<Self>, state: &mut State) {
        if state.connection.is_some() && !state.running && !state.waiting.is_empty() {
            state.running = true;
            let inbox = self.clone();
            self.gateway.tasks.spawn(async move {
                while let Some((connection, Waiting { frame, ack, since })) = inbox.next() {
                    if since.elapsed() > LONGEST_WAIT {
                        let (reply, vocabulary) =
                            (Reply::to(&frame, ack), inbox.dialect.vocabulary());
                        vocabulary.fail(Some(&connection), reply, Error::TooManyInFlight);
                    } else {
                        event::handle(&inbox.gateway, &connection, frame, ack).await;
                    }
                }
            });
        }
    }

    fn next(&self) -> Option<(Arc<Connection>, Waiting)> {
        let mut state = self.state.lock();
        let next = state.connection.clone().zip(state.waiting.pop_front());
        state.running = next.is_some();
        if let Some((_, waiting)) = &next {
            state.bytes -= waiting.frame.bytes();
        }
        next
    }
}
