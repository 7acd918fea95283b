//! The events of one socket, done one after the other: what a client says first happens first.
//!
//! A task runs only while there is something to do; an idle socket costs none.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use socketioxide::extract::AckSender;

use super::ack::Reply;
use super::event;
use super::frame::Frame;
use crate::error::Error;
use crate::fanout::Connection;
use crate::gateway::Gateway;

/// How many events of one socket may wait; further ones are refused, with a hint when to come back.
const WAITING: usize = 256;

/// One socket's events.
pub struct Inbox {
    gateway: Arc<Gateway>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Whose events these are, once the socket is ready.
    connection: Option<Arc<Connection>>,
    running: bool,
    waiting: VecDeque<(Frame, AckSender)>,
}

impl Inbox {
    /// An inbox that only keeps, until it is started.
    pub fn new(gateway: Arc<Gateway>) -> Self {
        Self {
            gateway,
            state: Mutex::default(),
        }
    }

    /// Takes an event.
    pub fn put(self: &Arc<Self>, frame: Frame, ack: AckSender) {
        let mut state = self.state.lock();
        if state.waiting.len() < WAITING {
            state.waiting.push_back((frame, ack));
            self.run(&mut state);
        } else if let Some(connection) = state.connection.clone() {
            drop(state);
            let reply = Reply::new(ack, frame.wants_ack);
            reply.failed(&connection, Error::TooManyInFlight);
        }
    }

    /// From now on events are done, those that were kept first.
    pub fn start(self: &Arc<Self>, connection: Arc<Connection>) {
        let mut state = self.state.lock();
        if !connection.is_closed() {
            state.connection = Some(connection);
            self.run(&mut state);
        }
    }

    /// The socket is gone: what waits is dropped, and so is every reference to the socket.
    pub fn stop(&self) {
        let mut state = self.state.lock();
        state.connection = None;
        state.waiting.clear();
    }

    fn run(self: &Arc<Self>, state: &mut State) {
        if state.connection.is_some() && !state.running && !state.waiting.is_empty() {
            state.running = true;
            let inbox = self.clone();
            tokio::spawn(async move {
                while let Some((connection, frame, ack)) = inbox.next() {
                    event::handle(&inbox.gateway, &connection, frame, ack).await;
                }
            });
        }
    }

    fn next(&self) -> Option<(Arc<Connection>, Frame, AckSender)> {
        let mut state = self.state.lock();
        let next = state.connection.clone().and_then(|connection| {
            state
                .waiting
                .pop_front()
                .map(|(frame, ack)| (connection, frame, ack))
        });
        state.running = next.is_some();
        next
    }
}
