//! The events of one socket, done one after the other: what a client says first happens first.
//!
//! A task runs only while there is something to do; an idle socket costs none.

mod queue;

use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use socketioxide::extract::AckSender;

use self::queue::{Queue, Shape, Turn};
use super::ack::Reply;
use super::event;
use super::frame::Frame;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// An event, and where its answer goes.
type Event = (Frame, AckSender);

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
    waiting: Queue<Event>,
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
        let shape = Shape {
            bytes: frame.bytes(),
            is_awaited: frame.wants_ack,
        };
        match state.waiting.put((frame, ack), shape, Instant::now()) {
            Ok(()) => self.run(&mut state),
            Err(event) => {
                let connection = state.connection.clone();
                drop(state);
                self.refuse(connection.as_deref(), event);
            }
        }
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
                while let Some((connection, turn)) = inbox.next() {
                    match turn {
                        Turn::Do((frame, ack)) => {
                            event::handle(&inbox.gateway, &connection, frame, ack).await;
                        }
                        Turn::Refuse(event) => inbox.refuse(Some(&connection), event),
                    }
                }
            });
        }
    }

    fn next(&self) -> Option<(Arc<Connection>, Turn<Event>)> {
        let mut state = self.state.lock();
        let connection = state.connection.clone();
        let next = connection.and_then(|one| Some((one, state.waiting.take(Instant::now())?)));
        state.running = next.is_some();
        next
    }

    fn refuse(&self, connection: Option<&Connection>, (frame, ack): Event) {
        let (reply, vocabulary) = (Reply::to(&frame, ack), self.dialect.vocabulary());
        vocabulary.fail(connection, reply, Error::TooManyInFlight);
    }
}
