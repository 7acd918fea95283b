//! Socket.IO, a namespace for each dialect: who may connect, what they may say, and how they are answered.

mod ack;
mod asyncapi;
mod connect;
mod disconnect;
mod event;
mod frame;
mod handshake;
mod heads;
mod inbox;
pub mod told;

use std::sync::Arc;

use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler as _;

pub use self::asyncapi::document as contract;
use self::handshake::Handshake;
use crate::dialect::Dialect;
use crate::gateway::Gateway;

pub use ack::Reply;
pub use event::{Said, native as native_event};
pub use frame::payload;

/// Opens a namespace for each dialect, and `/` for one of them.
pub fn open(io: &SocketIo, gateway: &Arc<Gateway>, root: Dialect) {
    open_one(io, gateway.clone(), (root, ""));
    for dialect in Dialect::all() {
        open_one(io, gateway.clone(), (dialect, dialect.name()));
    }
}

fn open_one(io: &SocketIo, gateway: Arc<Gateway>, place: (Dialect, &'static str)) {
    let door = gateway.clone();
    let middleware = async move |socket: SocketRef, TryData(auth): TryData<Handshake>| {
        handshake::admit(&door, place.0, &socket, auth.ok()).await
    };
    let welcome = async move |socket: SocketRef| connect::connect(gateway, place, socket).await;
    io.ns(format!("/{}", place.1), welcome.with(middleware));
}
