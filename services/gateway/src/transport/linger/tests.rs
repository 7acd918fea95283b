use std::io::Write as _;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::transport::CordListener;

/// More than the kernel takes while nobody reads.
const FILE: usize = 32 << 20;
const NEVER: Duration = Duration::from_secs(3_600);
const SOON: Duration = Duration::from_millis(50);

#[tokio::test]
async fn who_sends_all_before_it_reads_learns_why_it_was_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let refusing = Router::new().route("/", post(async || StatusCode::PAYLOAD_TOO_LARGE));
    tokio::spawn(async move { axum::serve(CordListener(listener), refusing).await });

    let mut client = TcpStream::connect(address).await.unwrap();
    let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {FILE}\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&vec![0; FILE]).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn nobody_waits_for_who_is_silent() {
    let (_client, server) = both_ends().await;
    read_in_vain(&server, SOON, NEVER).await;
}

#[tokio::test]
async fn nobody_listens_for_ever_to_who_goes_on() {
    let (client, server) = both_ends().await;
    let mut client = client.into_std().unwrap();
    client.set_nonblocking(false).unwrap();
    // Beside the reader, so that there is always something to read.
    let sender = std::thread::spawn(move || while client.write_all(&vec![0; FILE]).is_ok() {});
    read_in_vain(&server, NEVER, SOON).await;
    drop(server);
    sender.join().unwrap();
}

#[tokio::test]
async fn nobody_waits_for_who_has_gone() {
    let (client, server) = both_ends().await;
    drop(client);
    read_in_vain(&server, NEVER, NEVER).await;
}

async fn both_ends() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap());
    let (client, server) = tokio::join!(client, listener.accept());
    (client.unwrap(), server.unwrap().0)
}
