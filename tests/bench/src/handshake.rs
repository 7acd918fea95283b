//! From nothing to a ready socket: TCP, WebSocket, Engine.IO, Socket.IO, and the application's `ready`.

use crate::frame::{self, Packet};
use anyhow::{Context as _, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// A gateway that takes longer is not one to measure.
const DEADLINE: Duration = Duration::from_secs(30);
/// The library's default of 128 KiB for each socket would be a quarter gigabyte for two thousand.
const READ_BUFFER: usize = 8 * 1_024;

/// A WebSocket on which Engine.IO is spoken.
pub type Stream = WebSocketStream<TcpStream>;

/// Opens the transport at `host:port`; the server's first packet is still to be read. It has no deadline.
pub async fn open(gateway: &str) -> Result<Stream> {
    let tcp = TcpStream::connect(gateway).await?;
    tcp.set_nodelay(true)?;
    let url = format!("ws://{gateway}/socket.io/?EIO=4&transport=websocket");
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    let (stream, _) = tokio_tungstenite::client_async_with_config(url, tcp, Some(config)).await?;
    Ok(stream)
}

/// Connects for the first time, and returns when the application has said that the socket is ready.
pub async fn shake(gateway: &str, token: &str) -> Result<Stream> {
    tokio::time::timeout(DEADLINE, attempt(gateway, token))
        .await
        .with_context(|| format!("not ready within {DEADLINE:?}"))
        .flatten()
}

async fn attempt(gateway: &str, token: &str) -> Result<Stream> {
    let mut stream = open(gateway).await?;
    loop {
        let message = stream.next().await.context("the transport ended")??;
        let Message::Text(text) = message else {
            bail!("the server closed it: {message:?}");
        };
        match frame::read(&text) {
            Packet::Open => {
                let connect = frame::connect(token, "{}");
                stream.send(Message::text(connect)).await?;
            }
            Packet::Ping => stream.send(Message::text(frame::PONG)).await?,
            Packet::Ready => return Ok(stream),
            Packet::Connected | Packet::Other => {}
            _ => bail!("refused: {}", text.as_str()),
        }
    }
}
