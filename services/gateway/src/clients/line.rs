//! Calls to a service that is not to be asked for more than it can do.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Instant;

use confab_chassis::grpc::{Caller, Deadline, Peers};
use tonic::{Code, Status};

use super::window::Window;

/// The way to the replicas of a service, with a window or without.
#[derive(Clone)]
pub struct Line {
    peers: Peers,
    window: Option<Arc<Window>>,
}

impl Line {
    /// Calls that clients wait for: who comes when there is too much to do is refused at once.
    pub fn within(peers: Peers, window: Window) -> Self {
        let window = Some(Arc::new(window));
        Self { peers, window }
    }

    /// Calls that deliver what was accepted: they are few, wait for one another, and are made until they
    /// succeed.
    pub const fn open(peers: Peers) -> Self {
        let window = None;
        Self { peers, window }
    }

    /// See [`Peers::call`].
    pub async fn call<T, F, Fut>(&self, deadline: Deadline, call: F) -> Result<T, Status>
    where
        F: Fn(Caller) -> Fut,
        Fut: Future<Output = Result<T, Status>>,
    {
        self.attend(self.peers.call(deadline, call)).await
    }

    /// See [`Peers::call_once`].
    pub async fn call_once<T, F, Fut>(&self, deadline: Deadline, call: F) -> Result<T, Status>
    where
        F: Fn(Caller) -> Fut,
        Fut: Future<Output = Result<T, Status>>,
    {
        self.attend(self.peers.call_once(deadline, call)).await
    }

    /// See [`Peers::call_for`].
    pub async fn call_for<T, F, Fut>(
        &self,
        key: impl Hash,
        deadline: Deadline,
        call: F,
    ) -> Result<T, Status>
    where
        F: Fn(Caller) -> Fut,
        Fut: Future<Output = Result<T, Status>>,
    {
        self.attend(self.peers.call_for(key, deadline, call)).await
    }

    async fn attend<T>(&self, call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
        let Some(window) = &self.window else {
            return call.await;
        };
        let turn = window.enter(Instant::now())?;
        let answer = call.await;
        turn.end(answer.as_ref().err().is_none_or(is_answer), Instant::now());
        answer
    }
}

/// Whether a refusal was the service's own, and not that it could not do what was asked.
fn is_answer(status: &Status) -> bool {
    !matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded)
}
