//! A TCP proxy that can be cut: a network partition in one process.

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// Stands between clients and a server.
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    line: Arc<Mutex<Line>>,
}

struct Line {
    up: bool,
    /// Cancelled when the line is cut, and replaced when it is mended.
    cut: CancellationToken,
}

impl Proxy {
    /// Starts a proxy to `target`, `host:port`.
    ///
    /// # Panics
    /// If no port can be bound.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(Mutex::new(Line {
            up: true,
            cut: CancellationToken::new(),
        }));
        let (shared, target) = (line.clone(), target.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (up, cut) = {
                    let line = shared.lock();
                    (line.up, line.cut.clone())
                };
                if up {
                    let target = target.clone();
                    tokio::spawn(cut.run_until_cancelled_owned(join(client, target)));
                }
            }
        });
        Self { address, line }
    }

    /// Breaks every connection and lets no new one through.
    pub fn cut(&self) {
        let mut line = self.line.lock();
        line.up = false;
        line.cut.cancel();
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        *self.line.lock() = Line {
            up: true,
            cut: CancellationToken::new(),
        };
    }
}

async fn join(mut client: TcpStream, target: String) {
    if let Ok(mut server) = TcpStream::connect(target).await {
        // However it ends, both ends are closed.
        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
    }
}
