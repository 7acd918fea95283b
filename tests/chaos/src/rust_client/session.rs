//! The task of one client: connect, talk and listen until it breaks, and again.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use confab_bench::frame::{self, Answer, Packet};
use confab_bench::handshake::{self, Stream};
use futures_util::{SinkExt as _, StreamExt as _};
use rand::Rng as _;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep, timeout, timeout_at};
use tokio_tungstenite::tungstenite::Message;

use super::Shared;

/// Between two messages of a client.
const BETWEEN_SENDS: Duration = Duration::from_millis(500);
/// A message without an answer is sent again after this.
const ACK_TIMEOUT: Duration = Duration::from_secs(5);
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// `pingInterval` and `pingTimeout`: a server that says nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(45);
/// Before it tries again, as the JavaScript clients of this suite.
const RECONNECTION_DELAY_MS: std::ops::Range<u64> = 100..1_000;
/// Every content, in bytes.
const BYTES: usize = 32;

/// A message that is not acknowledged yet.
struct Sending {
    id: String,
    room: String,
    /// The packet that awaits the answer, and since when; none if it has to be sent again.
    awaited: Option<(u64, Instant)>,
}

pub struct Session {
    address: String,
    shared: Arc<Shared>,
    talking: watch::Receiver<bool>,
    sending: Option<Sending>,
    packets: u64,
    messages: u64,
}

impl Session {
    pub const fn new(address: String, shared: Arc<Shared>, talking: watch::Receiver<bool>) -> Self {
        Self {
            address,
            shared,
            talking,
            sending: None,
            packets: 0,
            messages: 0,
        }
    }

    /// Stays connected, for ever.
    pub async fn run(mut self) {
        let mut beat = interval(BETWEEN_SENDS);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // Why a connection ended is what the suite does not care about.
            let _ = self.connection(&mut beat).await;
            self.shared.ready.send_replace(false);
            if let Some(sending) = &mut self.sending {
                sending.awaited = None;
            }
            let delay = rand::rng().random_range(RECONNECTION_DELAY_MS);
            sleep(Duration::from_millis(delay)).await;
        }
    }

    async fn connection(&mut self, beat: &mut Interval) -> Result<()> {
        let mut stream = timeout(OPEN_TIMEOUT, handshake::open(&self.address)).await??;
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                message = timeout_at(heard + SILENCE, stream.next()) => {
                    heard = Instant::now();
                    match message?.context("the transport ended")?? {
                        Message::Text(text) => self.received(&mut stream, &text).await?,
                        Message::Close(_) => bail!("by the server"),
                        _ => {}
                    }
                }
                _ = beat.tick() => if *self.shared.ready.borrow() {
                    self.talk(&mut stream).await?;
                },
            }
        }
    }

    async fn received(&mut self, stream: &mut Stream, text: &str) -> Result<()> {
        match frame::read(text) {
            Packet::Open => {
                let user = &self.shared.user;
                let cursors = self.shared.book.lock().cursors(user);
                let connect = frame::connect(&user.token, &cursors);
                stream.send(Message::text(connect)).await?;
            }
            Packet::Ping => stream.send(Message::text(frame::PONG)).await?,
            Packet::Ready => {
                self.shared.book.lock().readied += 1;
                self.shared.ready.send_replace(true);
            }
            Packet::Message(delivery) => {
                let mut book = self.shared.book.lock();
                book.deliver(&self.shared.user, &delivery);
            }
            Packet::Ack(number, answer) => self.answered(number, &answer),
            Packet::Refused(_) => bail!("refused"),
            Packet::Strange(text) => {
                let sentence = format!("a Rust client got {text}");
                self.shared.book.lock().mistakes.push(sentence);
            }
            Packet::Connected | Packet::Closing(_) | Packet::Error(_) | Packet::Other => {}
        }
        Ok(())
    }

    fn answered(&mut self, number: u64, answer: &Answer<'_>) {
        let awaited = |sending: &mut Sending| matches!(sending.awaited, Some((awaited, _)) if awaited == number);
        let Some(mut sending) = self.sending.take_if(awaited) else {
            return;
        };
        let mut book = self.shared.book.lock();
        match answer {
            Answer::Sent(seq) => {
                book.acked(sending.id, sending.room, *seq);
                self.shared.sending.send_replace(false);
            }
            Answer::Refused(refusal) => {
                if refusal.retry_after_ms.is_none() {
                    book.mistakes
                        .push(format!("a send was refused: {}", refusal.code));
                }
                sending.awaited = None;
                self.sending = Some(sending);
            }
        }
    }

    /// Sends what is due: what has no answer again, or else something new.
    async fn talk(&mut self, stream: &mut Stream) -> Result<()> {
        let user = &self.shared.user;
        if let Some(sending) = &self.sending {
            if matches!(sending.awaited, Some((_, since)) if since.elapsed() < ACK_TIMEOUT) {
                return Ok(());
            }
            self.shared.book.lock().retries += 1;
        } else if !*self.talking.borrow() || user.rooms.is_empty() {
            return Ok(());
        }
        let messages = &mut self.messages;
        let sending = self.sending.get_or_insert_with(|| {
            *messages += 1;
            self.shared.sending.send_replace(true);
            Sending {
                id: format!("rust-{}-{messages}", user.id),
                room: user.rooms[*messages as usize % user.rooms.len()].clone(),
                awaited: None,
            }
        });
        self.packets += 1;
        sending.awaited = Some((self.packets, Instant::now()));
        let text = frame::send(self.packets, &sending.room, &sending.id, 0, BYTES);
        stream.send(Message::text(text)).await?;
        Ok(())
    }
}
