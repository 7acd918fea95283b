//! A TCP proxy that can be cut, or fall silent: a network partition in one process.

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Stands between clients and a server.
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    line: Arc<Mutex<Line>>,
    silenced: Mutex<Vec<watch::Sender<bool>>>,
}

struct Line {
    up: bool,
    /// Cancelled when the line is cut, and replaced when it is mended.
    cut: CancellationToken,
    /// Whether the connections of now let anything through.
    flowing: watch::Sender<bool>,
}

impl Line {
    fn new() -> Self {
        Self {
            up: true,
            cut: CancellationToken::new(),
            flowing: watch::Sender::new(true),
        }
    }
}

impl Proxy {
    /// Starts a proxy to `target`, `host:port`.
    ///
    /// # Panics
    /// If no port can be bound.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let line = Arc::new(Mutex::new(Line::new()));
        let (shared, target) = (line.clone(), target.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (up, cut, flowing) = {
                    let line = shared.lock();
                    (line.up, line.cut.clone(), line.flowing.subscribe())
                };
                if up {
                    let joined = join(client, target.clone(), flowing);
                    tokio::spawn(cut.run_until_cancelled_owned(joined));
                }
            }
        });
        Self {
            address,
            line,
            silenced: Mutex::default(),
        }
    }

    /// Breaks every connection and lets no new one through.
    pub fn cut(&self) {
        let mut line = self.line.lock();
        line.up = false;
        line.cut.cancel();
    }

    /// Keeps the connections of now open and lets nothing through them any more; new ones are not
    /// touched. So a peer goes that cannot say good-bye.
    pub fn silence(&self) {
        let flowing = std::mem::replace(&mut self.line.lock().flowing, watch::Sender::new(true));
        flowing.send_replace(false);
        // The connections wait for a word that never comes, as long as the proxy lives.
        self.silenced.lock().push(flowing);
    }

    /// Lets connections through again, if it was cut.
    pub fn mend(&self) {
        let mut line = self.line.lock();
        if !line.up {
            *line = Line::new();
        }
    }
}

async fn join(client: TcpStream, target: String, flowing: watch::Receiver<bool>) {
    let Ok(server) = TcpStream::connect(target).await else {
        return;
    };
    let (client_reads, client_writes) = client.into_split();
    let (server_reads, server_writes) = server.into_split();
    // However it ends, both ends are closed.
    tokio::select! {
        () = pass(client_reads, server_writes, flowing.clone()) => {}
        () = pass(server_reads, client_writes, flowing) => {}
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut flowing: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1_024];
    loop {
        let read = from.read(&mut buffer).await;
        // Neither data nor the end of it goes through a line that is silent.
        if flowing.wait_for(|flowing| *flowing).await.is_err() {
            return;
        }
        let Ok(count @ 1..) = read else {
            return;
        };
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
