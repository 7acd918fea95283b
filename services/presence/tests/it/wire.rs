//! A way to Redis that can be cut, or fall silent.

use confab_testkit::Redis;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// New connections get through.
    Whole,
    /// No byte comes through, and no connection ends.
    Stalled,
    /// All connections end at once.
    Cut,
}

pub struct Wire {
    /// Redis, as seen through the wire.
    pub redis: Redis,
    state: watch::Sender<State>,
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
        let states = state.subscribe();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, target.clone(), states.clone()));
            }
        });
        Self {
            redis: Redis {
                url,
                prefix: redis.prefix.clone(),
            },
            state,
        }
    }

    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Whatever is connected now falls silent for ever.
    pub fn stall(&self) {
        self.state.send_replace(State::Stalled);
    }

    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

async fn carry(mut near: TcpStream, target: String, mut states: watch::Receiver<State>) {
    let mut far = TcpStream::connect(target).await.unwrap();
    if *states.borrow_and_update() == State::Whole {
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far) => return,
            _ = states.changed() => {}
        }
    }
    // Ends with the cut, or with the wire.
    let _ = states.wait_for(|state| *state == State::Cut).await;
}
