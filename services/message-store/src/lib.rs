//! message-store: rooms, their members and their logs of messages.
//!
//! It knows who is in a room and what was said there. It does not know who anybody is (ids are all it
//! sees of users), nor who is online, nor who is listening.

mod clock;
mod config;
mod context;
mod error;
mod invalid;
mod log;
mod media;
mod member;
mod message;
mod receipt;
mod room;
mod rpc;
mod search;
mod store;

use std::sync::Arc;

use anyhow::Context as _;
use confab_chassis::admin::{self, Readiness};
use confab_chassis::grpc::GrpcServer;
use confab_chassis::{CancellationToken, Running};
use confab_proto::message::media_service_server::MediaServiceServer;
use confab_proto::message::message_service_server::MessageServiceServer;
use confab_proto::message::room_service_server::RoomServiceServer;
use confab_proto::message::search_service_server::SearchServiceServer;

pub use config::Config;

use context::Context;
use store::Store;

/// Starts the service; it runs until `stop` is cancelled and then drains.
///
/// # Errors
/// If a port cannot be bound or the store does not answer.
pub async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Running> {
    let readiness = Readiness::default();
    let end = CancellationToken::new();
    let admin = admin::serve(config.admin_addr, readiness.clone(), end.clone()).await?;
    let store = Store::open(config.mongodb_uri.expose(), &config.mongodb_database)
        .await
        .context("MONGODB_URI: MongoDB cannot be used")?;
    let context = Arc::new(Context::new(store, &config));
    let server = GrpcServer::bind(config.grpc_addr, confab_proto::DESCRIPTORS)
        .await?
        .add(MessageServiceServer::new(rpc::Rpc::new(context.clone())))
        .await
        .add(RoomServiceServer::new(rpc::Rpc::new(context.clone())))
        .await
        .add(SearchServiceServer::new(rpc::Rpc::new(context.clone())))
        .await
        .add(MediaServiceServer::new(rpc::Rpc::new(context.clone())))
        .await;
    let resuming = tokio::spawn(room::resume::resume_until(context.clone(), stop.clone()));
    let indexing = tokio::spawn(search::index::index_until(context.clone(), stop.clone()));
    let retaining = tokio::spawn(room::retain::retain_until(context.clone(), stop.clone()));
    let grpc = server.address();
    readiness.ready();

    let done = async move {
        let serving = server.serve(stop.clone());
        tokio::pin!(serving);
        let served = tokio::select! {
            served = &mut serving => served,
            () = stop.cancelled() => {
                readiness.unready();
                serving.await
            }
        };
        // They stop with the calls; what they leave is done by another replica, or indexed by the next who writes or searches there.
        let _ = tokio::join!(indexing, resuming, retaining);
        // No call is left, so nothing is added to what waits.
        context.log.close().await;
        context.store.clone().close().await;
        end.cancel();
        served
    };
    Ok(Running {
        addresses: vec![("grpc", grpc), ("admin", admin)],
        done: Box::pin(done),
    })
}
