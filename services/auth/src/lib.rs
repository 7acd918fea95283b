//! The service that knows people: their accounts, their sessions, and the keys that vouch for them.

pub mod config;

mod account;
mod auth;
mod block;
mod email;
mod error;
mod external;
mod issuer;
mod keys;
mod login;
mod password;
mod profile;
mod query;
mod refresh_token;
mod rpc;
mod session;
mod store;
mod token;
mod username;

use std::sync::Arc;

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
    let keys = keys::open::open(&store, config.access_token_ttl)
        .await
        .context("cannot open the signing keys")?;
    let hasher = Hasher::new(config.bcrypt_cost)
        .await
        .context("cannot hash passwords")?;
    tracing::info!(cost = config.bcrypt_cost, pace = ?hasher.pace(), "measured password hashing");
    let auth = Arc::new(Auth {
        store: store.clone(),
        hasher,
        issuer: Issuer::new(keys, config.token_issuer, config.access_token_ttl),
        refresh_token_ttl: config.refresh_token_ttl,
        refresh_reuse_grace: config.refresh_reuse_grace,
        key_rotation: config.key_rotation,
    });

    let server = GrpcServer::bind(config.grpc_addr, confab_proto::DESCRIPTORS).await?;
    let server = server
        .add(AuthServiceServer::new(Rpc::new(auth.clone())))
        .await;
    let grpc = server.address();
    let mut serving = tokio::spawn(server.serve(stop.clone()));
    let following = tokio::spawn(keys::follow::follow(auth, stop.clone()));
    readiness.ready();

    let done = async move {
        let served = tokio::select! {
            served = &mut serving => served,
            () = stop.cancelled() => {
                readiness.unready();
                serving.await
            }
        };
        // It may be in the middle of a call, which has a deadline of its own.
        let _ = following.await;
        store.close().await;
        admin_end.cancel();
        served.context("the gRPC server panicked")?
    };
    Ok(Running {
        addresses: vec![("grpc", grpc), ("admin", admin)],
        done: Box::pin(done),
    })
}
