//! One socket: Engine.IO over WebSocket, in one task that reads, answers pings, and sends on order.

use crate::account::Account;
use crate::tally::Tally;
use anyhow::{Context as _, Result};
use confab_bench::frame::{self, Answer, Delivery, Packet};
use confab_bench::handshake::{self, Stream};
use confab_bench::ledger::{Acked, Seen};
use futures_util::{SinkExt as _, StreamExt as _};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;

/// Orders that wait for one socket. With a fixed rate this is how far the cluster may fall behind
/// before the generator has to wait, which shows as lateness.
const WAITING: usize = 1_024;

/// A room that all its sockets share.
pub struct Room {
    pub id: String,
    pub acked: Mutex<Acked>,
}

impl Room {
    /// A room in which nothing has been said.
    pub fn new(id: String) -> Self {
        Self {
            id,
            acked: Mutex::default(),
        }
    }
}

/// What a socket is to send.
pub struct Order {
    pub room: Arc<Room>,
    /// When it should be sent, in nanoseconds of the run's clock.
    pub due: u64,
    /// Told when the answer is there, and how long to wait before the next.
    pub answered: Option<oneshot::Sender<Duration>>,
}

/// A room as one socket sees it.
pub struct Seat {
    pub room: Arc<Room>,
    pub seen: Seen,
}

/// The handle of a connected socket; dropping it closes the socket.
pub struct Socket {
    pub orders: mpsc::Sender<Order>,
    pub seats: Arc<Mutex<Vec<Seat>>>,
    /// Whether it reads no more.
    pub stopped: Arc<AtomicBool>,
}

/// What every socket of a run shares.
pub struct Run {
    pub gateways: Vec<String>,
    /// Told apart from other runs on the same cluster.
    pub name: String,
    pub bytes: usize,
    pub tally: Tally,
}

impl Socket {
    /// Connects, and returns when the application has said that the socket is ready.
    pub async fn connect(run: &Arc<Run>, account: &Account, rooms: Vec<Arc<Room>>) -> Result<Self> {
        let gateway = &run.gateways[account.gateway];
        let stream = handshake::shake(gateway, &account.token)
            .await
            .with_context(|| format!("cannot connect to {gateway}"))?;
        let (orders, received) = mpsc::channel(WAITING);
        let seats = rooms.into_iter().map(|room| Seat {
            room,
            seen: Seen::default(),
        });
        let seats = Arc::new(Mutex::new(seats.collect()));
        let stopped = Arc::new(AtomicBool::new(false));
        let task = Task {
            run: run.clone(),
            user: account.id.clone(),
            stream,
            seats: Arc::clone(&seats),
            stopped: stopped.clone(),
            waiting: VecDeque::new(),
            sent: 0,
        };
        tokio::spawn(task.run(received));
        Ok(Self {
            orders,
            seats,
            stopped,
        })
    }
}

/// A sent event whose ack has not come.
struct Waiting {
    number: u64,
    order: Order,
}

struct Task {
    run: Arc<Run>,
    user: String,
    stream: Stream,
    seats: Arc<Mutex<Vec<Seat>>>,
    stopped: Arc<AtomicBool>,
    waiting: VecDeque<Waiting>,
    sent: u64,
}

impl Task {
    async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let closed = loop {
            if self.stopped.load(Relaxed) {
                // The transport stays open, and what comes stays in it.
                return pending().await;
            }
            let done = tokio::select! {
                message = self.stream.next() => self.received(message).await,
                order = orders.recv() => match order {
                    Some(order) => self.send(order).await,
                    None => return,
                },
            };
            if let Err(reason) = done {
                break reason;
            }
        };
        let tally = &self.run.tally;
        tally.closed.fetch_add(1, Relaxed);
        tally.complain(&format!("a socket was closed: {closed:#}"));
    }

    async fn received(
        &mut self,
        message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>,
    ) -> Result<()> {
        match message.context("the transport ended")?? {
            Message::Text(text) => match frame::read(&text) {
                Packet::Message(delivery) => self.deliver(&delivery),
                Packet::Ack(number, answer) => self.ack(number, &answer),
                Packet::Ping => self.stream.send(Message::text(frame::PONG)).await?,
                Packet::Error(error) => self.complain("an error event", error),
                Packet::Closing(packet) => self.complain("the server is closing", packet),
                Packet::Strange(packet) | Packet::Refused(packet) => {
                    self.complain("a strange packet", packet);
                }
                Packet::Open | Packet::Connected | Packet::Ready | Packet::Other => {}
            },
            Message::Close(_) => anyhow::bail!("by the server"),
            _ => {}
        }
        Ok(())
    }

    fn deliver(&self, delivery: &Delivery<'_>) {
        let tally = &self.run.tally;
        let now = tally.now();
        tally.delivered.fetch_add(1, Relaxed);
        if let Some(due) = delivery.due
            && delivery.from != self.user
            && let Some(latencies) = tally.latencies(due)
        {
            latencies.to_other.record(now.saturating_sub(due));
        }
        let mut seats = self.seats.lock();
        match seats.iter_mut().find(|seat| seat.room.id == delivery.room) {
            Some(seat) => seat.seen.take(delivery.seq),
            None => tally.complain("a message of a room that the socket's user is not in"),
        }
    }

    fn ack(&mut self, number: u64, answer: &Answer<'_>) {
        let tally = &self.run.tally;
        let Some(position) = self.waiting.iter().position(|one| one.number == number) else {
            return tally.complain("an ack that nobody waits for");
        };
        let Some(Waiting { order, .. }) = self.waiting.remove(position) else {
            return;
        };
        tally.answered.fetch_add(1, Relaxed);
        let mut pause = Duration::ZERO;
        match answer {
            Answer::Sent(seq) => {
                tally.acked.fetch_add(1, Relaxed);
                order.room.acked.lock().take(*seq);
                if let Some(latencies) = tally.latencies(order.due) {
                    let took = tally.now().saturating_sub(order.due);
                    latencies.to_ack.record(took);
                }
            }
            Answer::Refused(refusal) => {
                if refusal.retry_after_ms.is_some() {
                    tally.refused.fetch_add(1, Relaxed);
                }
                tally.complain(&format!("a message was refused: {}", refusal.code));
                pause = Duration::from_millis(refusal.retry_after_ms.unwrap_or_default());
            }
        }
        if let Some(answered) = order.answered {
            // Whoever waited may have given up.
            let _ = answered.send(pause);
        }
    }

    async fn send(&mut self, order: Order) -> Result<()> {
        let run = &self.run;
        let number = self.sent;
        self.sent += 1;
        let id = format!("{}-{number}", run.name);
        let text = frame::send(number, &order.room.id, &id, order.due, run.bytes);
        run.tally.sent.fetch_add(1, Relaxed);
        if let Some(latencies) = run.tally.latencies(order.due) {
            let late = run.tally.now().saturating_sub(order.due);
            latencies.lateness.record(late);
        }
        self.waiting.push_back(Waiting { number, order });
        self.stream.send(Message::text(text)).await?;
        Ok(())
    }

    fn complain(&self, what: &str, text: &str) {
        let end = text.floor_char_boundary(200);
        self.run
            .tally
            .complain(&format!("{what}: {}", &text[..end]));
    }
}
