//! Closing a connection so that the last answer arrives.
//!
//! A connection that is closed while something is still coming in is reset, and who is reset while
//! sending may never read the answer (RFC 9112, section 9.6). So only the outgoing half is closed at
//! first, and what comes after the answer is read for nothing, for a while: a client that sends a file
//! that is too large learns why it is not taken.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::timeout;

/// Nothing comes any more from who has sent nothing for so long; `lingering_timeout` of nginx.
const SILENCE: Duration = Duration::from_secs(5);
/// For no longer than this in all; `lingering_time` of nginx.
const MOST: Duration = Duration::from_secs(30);
/// What is read at once.
const PIECE: usize = 16_384;

/// Keeps a connection whose outgoing half is closed until the other end has closed its own, or for as
/// long as an answer may be worth waiting for. Returns at once.
pub fn linger(stream: Arc<TcpStream>) {
    // As a rule the other end closed first.
    if is_over(&stream) {
        return;
    }
    // Without a runtime the process is ending.
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(async move { read_in_vain(&stream, SILENCE, MOST).await });
    }
}

async fn read_in_vain(stream: &TcpStream, silence: Duration, most: Duration) {
    let to_the_end = async {
        while let Ok(Ok(())) = timeout(silence, stream.readable()).await {
            if is_over(stream) {
                return;
            }
            // Who sends without a pause must not keep the clock from being looked at, or others waiting.
            yield_now().await;
        }
    };
    // An end by force is an end, too.
    let _ = timeout(most, to_the_end).await;
}

/// Whether nothing can come any more; what is there is read.
fn is_over(stream: &TcpStream) -> bool {
    match stream.try_read(&mut [0; PIECE]) {
        Ok(read) => read == 0,
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    }
}

#[cfg(test)]
mod tests;
