//! Handing a WebSocket on: two connections, joined byte by byte until one ends.

use anyhow::{Context as _, bail};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use confab_chassis::CancellationToken;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::forward::{CONNECT, at};

/// Sends the upgrade to the gateway at `url`; if it agrees, the client's bytes are its bytes from then
/// on, until `end`.
pub async fn tunnel(
    url: &str,
    mut request: Request,
    end: CancellationToken,
) -> anyhow::Result<Response> {
    let target = at(url, request.uri())?;
    let stream = timeout(CONNECT, TcpStream::connect(authority(&target)?))
        .await
        .context("it does not accept connections")??;
    stream.set_nodelay(true)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // An error here is one of the answer below, or the end of the tunnel.
        let _ = connection.with_upgrades().await;
    });

    let mut onward = Request::builder()
        .method(request.method())
        .uri(at("", &target)?);
    if let Some(headers) = onward.headers_mut() {
        headers.clone_from(request.headers());
        // The body, if there was one, does not go along.
        headers.remove(CONTENT_LENGTH);
        headers.remove(TRANSFER_ENCODING);
    }
    let answer = sender.send_request(onward.body(Body::empty())?);
    let mut answer = timeout(CONNECT, answer)
        .await
        .context("it took too long")??;
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Ok(answer.map(Body::new));
    }
    let (client, holder) = (
        hyper::upgrade::on(&mut request),
        hyper::upgrade::on(&mut answer),
    );
    tokio::spawn(async move {
        match tokio::try_join!(client, holder) {
            Ok((client, holder)) => {
                let (mut client, mut holder) = (TokioIo::new(client), TokioIo::new(holder));
                // However it ends, both ends are closed, and the client knows what to do.
                let joined = tokio::io::copy_bidirectional(&mut client, &mut holder);
                let _ = end.run_until_cancelled(joined).await;
            }
            Err(error) => tracing::debug!(%error, "a WebSocket could not be handed on"),
        }
    });
    let (parts, _) = answer.into_parts();
    Ok(Response::from_parts(parts, Body::empty()))
}

fn authority(target: &Uri) -> anyhow::Result<String> {
    match target.authority() {
        Some(authority) => Ok(authority.to_string()),
        None => bail!("not an address"),
    }
}
