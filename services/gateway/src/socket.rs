//! Socket.IO, namespace `/`: who may connect, what they may say, and how they are answered.

mod ack;
mod asyncapi;
mod connect;
mod disconnect;
mod event;
mod frame;
mod handshake;
mod inbox;
pub mod told;

use std::sync::Arc;

use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler as _;

pub use self::asyncapi::document as contract;
use self::handshake::Handshake;
use crate::gateway::Gateway;

/// Opens the namespace.
pub fn open(io: &SocketIo, gateway: Arc<Gateway>) {
    let door = gateway.clone();
    let middleware = async move |socket: SocketRef, TryData(auth): TryData<Handshake>| {
        handshake::admit(&door, &socket, auth.ok()).await
    };
    let welcome = async move |socket: SocketRef| connect::connect(gateway, socket).await;
    io.ns("/", welcome.with(middleware));
}
