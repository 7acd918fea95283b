//! From nothing to a ready socket: TCP, WebSocket, Engine.IO, Socket.IO, and the application's `ready`.

use super::Stream;
use crate::frame::{self, Packet};
use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// A gateway that takes longer is not one to measure.
const DEADLINE: Duration = Duration::from_secs(30);
/// The library's default of 128 KiB for each socket would be a quarter gigabyte for two thousand.
const READ_BUFFER: usize = 8 * 1_024;

pub async fn shake(gateway: &str, token: &str) -> Result<Stream> {
    tokio::time::timeout(DEADLINE, attempt(gateway, token))
        .await
        .with_context(|| format!("not ready within {DEADLINE:?}"))
        .flatten()
}

async fn attempt(gateway: &str, token: &str) -> Result<Stream> {
    let tcp = TcpStream::connect(gateway).await?;
    tcp.set_nodelay(true)?;
    let url = format!("ws://{gateway}/socket.io/?EIO=4&transport=websocket");
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    let (mut stream, _) =
        tokio_tungstenite::client_async_with_config(url, tcp, Some(config)).await?;
    loop {
        let message = stream.next().await.context("the transport ended")??;
        let Message::Text(text) = message else {
            bail!("the server closed it: {message:?}");
        };
        match frame::read(&text) {
            Packet::Open => stream.send(Message::text(frame::connect(token))).await?,
            Packet::Ping => stream.send(Message::text(frame::PONG)).await?,
            Packet::Ready => return Ok(stream),
            Packet::Connected | Packet::Other => {}
            _ => bail!("refused: {}", text.as_str()),
        }
    }
}
