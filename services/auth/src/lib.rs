//! The service that knows people: their accounts, their sessions, and the keys that vouch for them.

pub mod config;

mod account;
mod auth;
mod email;
mod error;
mod issuer;
mod keys;
mod login;
mod password;
mod profile;
mod query;
mod rpc;
mod session;
mod store;
mod token;
mod username;

use anyhow::Context as _;
use confab_chassis::admin::{self, Readiness};
use confab_chassis::grpc::GrpcServer;
use confab_chassis::{CancellationToken, Running};
use confab_proto::auth::auth_service_server::AuthServiceServer;

use crate::auth::Auth;
pub use crate::config::Config;
use crate::issuer::Issuer;
use crate::password::hasher::Hasher;
use crate::rpc::Rpc;
use crate::store::Store;

/// Starts the service: admin port, database, key, gRPC.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let readiness = Readiness::default();
    let admin_end = CancellationToken::new();
    let admin = admin::serve(config.admin_addr, readiness.clone(), admin_end.clone()).await?;

    let store = Store::open(&config.mongodb_uri, &config.mongodb_database).await?;
    let key = keys::open::open(&store)
        .await
        .context("cannot open the signing key")?;
    let hasher = Hasher::new(config.bcrypt_cost)
        .await
        .context("cannot hash passwords")?;
    tracing::info!(cost = config.bcrypt_cost, pace = ?hasher.pace(), "measured password hashing");
    let auth = Auth {
        store: store.clone(),
        hasher,
        issuer: Issuer::new(&key, config.token_issuer, config.access_token_ttl),
        refresh_token_ttl: config.refresh_token_ttl,
    };

    let server = GrpcServer::bind(config.grpc_addr, confab_proto::DESCRIPTORS).await?;
    let server = server.add(AuthServiceServer::new(Rpc::new(auth))).await;
    let grpc = server.address();
    let mut serving = tokio::spawn(server.serve(stop.clone()));
    readiness.ready();

    let done = async move {
        let served = tokio::select! {
            served = &mut serving => served,
            () = stop.cancelled() => {
                readiness.unready();
                serving.await
            }
        };
        store.close().await;
        admin_end.cancel();
        served.context("the gRPC server panicked")?
    };
    Ok(Running {
        addresses: vec![("grpc", grpc), ("admin", admin)],
        done: Box::pin(done),
    })
}
