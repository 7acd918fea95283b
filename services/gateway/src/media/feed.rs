//! The bytes of an upload as they come: counted, and given up when nothing comes for too long.

use std::collections::VecDeque;
use std::fmt::Display;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::time::{Instant, timeout, timeout_at};

use super::MediaError;

/// What is looked at to tell what it is: enough for the signatures of all formats that are known.
pub const HEAD: usize = 8_192;
/// How much is still read of an upload that is refused: a client that cannot send does not read the
/// answer either.
const MOST_IN_VAIN: u64 = 8 << 20;
/// How long that may take.
const IN_VAIN: Duration = Duration::from_secs(5);

/// A body that is being read.
pub struct Feed<S> {
    body: S,
    /// What was read to be looked at, and not yet taken.
    kept: VecDeque<Bytes>,
    came: u64,
    most: u64,
    stall: Duration,
}

impl<S, E> Feed<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Display,
{
    /// A body of at most so many bytes, that gives up when nothing comes for so long.
    pub const fn new(body: S, most: u64, stall: Duration) -> Self {
        Self {
            body,
            kept: VecDeque::new(),
            came: 0,
            most,
            stall,
        }
    }

    /// How many bytes have come.
    pub const fn came(&self) -> u64 {
        self.came
    }

    /// The first bytes; they will be taken nevertheless.
    pub async fn head(&mut self) -> Result<Vec<u8>, MediaError> {
        let mut head = Vec::with_capacity(HEAD);
        while head.len() < HEAD
            && let Some(piece) = self.read().await?
        {
            head.extend_from_slice(&piece[..piece.len().min(HEAD - head.len())]);
            self.kept.push_back(piece);
        }
        Ok(head)
    }

    /// The next bytes; none at the end.
    pub async fn take(&mut self) -> Result<Option<Bytes>, MediaError> {
        match self.kept.pop_front() {
            Some(piece) => Ok(Some(piece)),
            None => self.read().await,
        }
    }

    async fn read(&mut self) -> Result<Option<Bytes>, MediaError> {
        let next = timeout(self.stall, self.body.next()).await;
        match next.map_err(|_| MediaError::Stalled)? {
            None => Ok(None),
            Some(Err(error)) => Err(MediaError::BrokenOff(error.to_string())),
            Some(Ok(piece)) => {
                self.came += piece.len() as u64;
                if self.came > self.most {
                    return Err(MediaError::TooLarge(self.most));
                }
                Ok(Some(piece))
            }
        }
    }

    /// Reads on for a while, for nothing but the client's sake.
    pub async fn in_vain(&mut self) {
        let until = Instant::now() + IN_VAIN;
        let mut read = 0;
        while read < MOST_IN_VAIN
            && let Ok(Some(Ok(piece))) = timeout_at(until, self.body.next()).await
        {
            read += piece.len() as u64;
        }
    }
}
