//! A server that speaks S3 over real HTTP and checks every signature: `s3s-fs`, on a folder.

use std::path::PathBuf;

use confab_e2e::scratch;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;

/// A running server, with one bucket; it ends with the test.
pub struct ObjectServer {
    /// Where it listens.
    pub url: String,
    /// Where it keeps what it is given.
    pub folder: PathBuf,
}

impl ObjectServer {
    /// The id of the only key that it knows.
    pub const KEY: &str = "KEYOFTHETESTS";
    /// Its secret.
    pub const SECRET: &str = "a secret/of+the tests";

    /// Starts a server.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start() -> Self {
        let folder = scratch("s3");
        std::fs::create_dir(folder.join("media")).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(&folder).unwrap());
        service.set_auth(SimpleAuth::from_single(Self::KEY, Self::SECRET));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let http = Builder::new(TokioExecutor::new());
            while let Ok((stream, _)) = listener.accept().await {
                let serving = http.serve_connection(TokioIo::new(stream), service.clone());
                let serving = serving.into_owned();
                tokio::spawn(async move { drop(serving.await) });
            }
        });
        Self { url, folder }
    }

    /// The place as gateways are told of it: below a prefix, and where clients reach it if they do.
    #[must_use]
    pub fn place(&self, prefix: &str, public: &str) -> String {
        let place = format!("s3://media/{prefix}?endpoint={}", self.url);
        match public {
            "" => place,
            public => format!("{place}&public_endpoint={public}"),
        }
    }
}
