//! Lets a script break things at the right moment, over HTTP: `POST /cut`.

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// Where a script gives its commands.
pub struct Control {
    /// Its address.
    pub url: String,
}

impl Control {
    /// Serves commands, one after the other; each is answered when `obey` has done it.
    ///
    /// # Panics
    /// If no port can be bound.
    pub async fn serve<F, Fut>(obey: F) -> Self
    where
        F: Fn(String) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut stream = BufReader::new(stream);
                let mut request = String::new();
                stream.read_line(&mut request).await.unwrap();
                let path = request.split(' ').nth(1).unwrap_or_default();
                obey(path.trim_start_matches('/').to_owned()).await;
                let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                stream.write_all(answer).await.unwrap();
            }
        });
        Self { url }
    }
}
