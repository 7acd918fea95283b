//! Closed loop: each sender waits for its ack before it sends again, and as long as it is told if it is refused. It finds
//! the highest throughput.

use super::Window;
use crate::stage::Stage;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// A sender whose ack has not come by then sends again; the missing ack stays counted.
const PATIENCE: Duration = Duration::from_secs(10);

/// Starts so many senders, which stop by themselves at the end of the window.
pub fn closed(stage: &Arc<Stage>, window: Window, senders: u32) {
    for sender in 0..senders {
        tokio::spawn(send(stage.clone(), window, u64::from(sender)));
    }
}

async fn send(stage: Arc<Stage>, window: Window, sender: u64) {
    loop {
        let now = stage.run.tally.now();
        if now >= window.end {
            return;
        }
        let (socket, mut order) = stage.order(sender, now);
        let (answered, answer) = oneshot::channel();
        order.answered = Some(answered);
        if socket.orders.send(order).await.is_err() {
            return; // The socket was closed, and has said so.
        }
        if let Ok(Ok(pause)) = tokio::time::timeout(PATIENCE, answer).await {
            tokio::time::sleep(pause).await;
        }
    }
}
