//! A way to Redis that can be cut, or fall silent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use confab_testkit::Redis;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// New connections get through.
    Whole,
    /// Every second one of so many connections gets through, and no new one.
    HalfOf(usize),
    /// No byte comes through, and no connection ends.
    Stalled,
    /// All connections end at once.
    Cut,
}

pub struct Wire {
    /// Redis, as seen through the wire.
    pub redis: Redis,
    state: watch::Sender<State>,
    connections: Arc<AtomicUsize>,
}

impl Wire {
    pub async fn to(redis: &Redis) -> Self {
        let target = Url::parse(&redis.url).unwrap();
        let target = format!(
            "{}:{}",
            target.host_str().unwrap(),
            target.port().unwrap_or(6_379)
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let state = watch::Sender::new(State::Whole);
        let (states, connections) = (state.subscribe(), Arc::new(AtomicUsize::new(0)));
        let count = connections.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(carry(number, near, target.clone(), states.clone()));
            }
        });
        Self {
            redis: Redis {
                url,
                prefix: redis.prefix.clone(),
            },
            state,
            connections,
        }
    }

    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Whatever is connected now falls silent for ever.
    pub fn stall(&self) {
        self.state.send_replace(State::Stalled);
    }

    /// Every second one of what is connected now falls silent for ever; new connections do not get through.
    pub fn stall_half(&self) {
        let all = self.connections.load(Ordering::Relaxed);
        self.state.send_replace(State::HalfOf(all));
    }

    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn carry(
    number: usize,
    mut near: TcpStream,
    target: String,
    mut states: watch::Receiver<State>,
) {
    let mut far = TcpStream::connect(target).await.unwrap();
    let flows = |state| match state {
        State::Whole => true,
        State::HalfOf(all) => number < all && number.is_multiple_of(2),
        State::Stalled | State::Cut => false,
    };
    if flows(*states.borrow_and_update()) {
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far) => return,
            _ = states.wait_for(|state| !flows(*state)) => {}
        }
    }
    // Ends with the cut, or with the wire.
    let _ = states.wait_for(|state| *state == State::Cut).await;
}
