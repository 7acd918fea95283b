//! Accepting TCP connections that can be cut from outside.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::cord::Cord;
use super::linger::linger;

/// Accepts connections, each with a [`Cord`].
pub struct CordListener(pub TcpListener);

impl Listener for CordListener {
    type Io = Corded;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Corded, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // A chat message is small and must not wait for the next one. Fails only on a dead connection.
        let _ = stream.set_nodelay(true);
        (Corded::new(stream), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection that shares its socket with its cord.
pub struct Corded {
    stream: Arc<TcpStream>,
    /// Whether all is said, and it was not broken.
    is_shut_down: bool,
}

impl Corded {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream: Arc::new(stream),
            is_shut_down: false,
        }
    }

    /// The cord of this connection.
    pub fn cord(&self) -> Cord {
        Cord::new(&self.stream)
    }

    /// Runs `operation` when the socket is ready for it, until it does not block.
    fn poll_io<T>(
        &self,
        context: &mut Context<'_>,
        poll_ready: impl Fn(&TcpStream, &mut Context<'_>) -> Poll<io::Result<()>>,
        mut operation: impl FnMut(&TcpStream) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        loop {
            ready!(poll_ready(&self.stream, context))?;
            match operation(&self.stream) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done),
            }
        }
    }
}

impl AsyncRead for Corded {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = |stream: &TcpStream| stream.try_read_buf(buffer);
        self.poll_io(context, TcpStream::poll_read_ready, read)
            .map_ok(drop)
    }
}

impl AsyncWrite for Corded {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_io(context, TcpStream::poll_write_ready, |stream| {
            stream.try_write(bytes)
        })
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = |stream: &TcpStream| stream.try_write_vectored(bytes);
        self.poll_io(context, TcpStream::poll_write_ready, write)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_shut_down = true;
        Poll::Ready(socket2::SockRef::from(&*self.stream).shutdown(std::net::Shutdown::Write))
    }
}

impl Drop for Corded {
    fn drop(&mut self) {
        if self.is_shut_down {
            linger(self.stream.clone());
        }
    }
}
