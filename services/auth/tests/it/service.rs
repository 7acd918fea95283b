//! A running service, and people who use it.

use std::net::SocketAddr;

use clap::Parser as _;
use confab_auth::Config;
use confab_chassis::CancellationToken;
use confab_fault::{Fault, Kind};
use confab_proto::auth::auth_service_client::AuthServiceClient;
use confab_proto::auth::{LogInRequest, SignUpRequest, SignUpResponse};
use confab_testkit::Mongo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};

pub type Client = AuthServiceClient<Channel>;

/// One instance of the service.
pub struct Service {
    pub grpc: SocketAddr,
    pub admin: SocketAddr,
    pub client: Client,
    pub stop: CancellationToken,
    pub done: JoinHandle<anyhow::Result<()>>,
}

impl Service {
    /// A service on a database of its own, with passwords that hash fast.
    pub async fn start() -> Self {
        Self::start_with(&Mongo::fresh(), &[]).await
    }

    /// A service on this database, with flags that replace the usual ones.
    pub async fn start_with(mongo: &Mongo, flags: &[&str]) -> Self {
        let stop = CancellationToken::new();
        let running = confab_auth::start(config(mongo, flags), stop.clone())
            .await
            .unwrap();
        let address = |name| {
            running
                .addresses
                .iter()
                .find(|(n, _)| *n == name)
                .unwrap()
                .1
        };
        let (grpc, admin) = (address("grpc"), address("admin"));
        let client = Client::new(channel(format!("http://{grpc}")).await);
        Self {
            grpc,
            admin,
            client,
            stop,
            done: tokio::spawn(running.done),
        }
    }

    /// Whether anybody listens.
    pub async fn reaches(address: SocketAddr) -> std::io::Result<TcpStream> {
        TcpStream::connect(address).await
    }

    /// Somebody new signs up.
    pub async fn signs_up(&self, name: &str) -> SignUpResponse {
        self.client
            .clone()
            .sign_up(somebody(name))
            .await
            .unwrap()
            .into_inner()
    }

    /// What the admin port answers: the whole response, as text.
    pub async fn asks_admin(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.admin).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: admin\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        response
    }
}

pub async fn channel(uri: String) -> Channel {
    Endpoint::from_shared(uri).unwrap().connect().await.unwrap()
}

pub fn config(mongo: &Mongo, flags: &[&str]) -> Config {
    let usual = [
        ("--grpc-addr", "127.0.0.1:0"),
        ("--admin-addr", "127.0.0.1:0"),
        ("--mongodb-uri", &mongo.uri),
        ("--mongodb-database", &mongo.database),
        ("--bcrypt-cost", "4"),
    ];
    let mut arguments = vec!["confab-auth"];
    for (flag, value) in usual {
        if !flags.contains(&flag) {
            arguments.extend([flag, value]);
        }
    }
    arguments.extend(flags);
    Config::parse_from(arguments)
}

/// What somebody of this name says to sign up.
pub fn somebody(name: &str) -> SignUpRequest {
    SignUpRequest {
        username: name.to_owned(),
        email: format!("{name}@example.org"),
        password: password(name),
        ..SignUpRequest::default()
    }
}

pub fn password(name: &str) -> String {
    format!("the secret of {name}")
}

pub fn log_in(login: &str, password: &str) -> LogInRequest {
    LogInRequest {
        login: login.to_owned(),
        password: password.to_owned(),
        device: None,
    }
}

/// What sort of failure an answer is, and its reason.
pub fn refusal<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Kind, String) {
    let fault = Fault::from(answer.unwrap_err());
    (fault.kind(), fault.reason().to_owned())
}
