//! What an operator may ask this replica, over gRPC.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use confab_fault::Fault;
use confab_ids::UserId;
use confab_proto::gateway::gateway_service_server::GatewayService;
use confab_proto::gateway::{
    Connection, DescribeRequest, DescribeResponse, ListConnectionsRequest, ListConnectionsResponse,
    RoomStream,
};
use tonic::{Request, Response, Status};

use crate::gateway::Gateway;

/// How many rooms one answer shows.
const ROOMS: usize = 100;

/// Answers operators.
pub struct Operator(pub Arc<Gateway>);

#[tonic::async_trait]
impl GatewayService for Operator {
    async fn describe(
        &self,
        _: Request<DescribeRequest>,
    ) -> Result<Response<DescribeResponse>, Status> {
        let gateway = &self.0;
        let rooms = gateway.rooms.all().into_iter().take(ROOMS).map(|stream| {
            let sight = stream.sight();
            RoomStream {
                room_id: stream.room.to_string(),
                delivered_rev: sight.delivered.unwrap_or_default().rev,
                waiting: count(sight.waiting),
                sockets: count(sight.seats),
            }
        });
        Ok(Response::new(DescribeResponse {
            gateway_id: gateway.id.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at_ms: millis(gateway.since),
            connections: count(gateway.connections.len()),
            topics: count(gateway.subscriber.topics()),
            rooms: rooms.collect(),
        }))
    }

    async fn list_connections(
        &self,
        request: Request<ListConnectionsRequest>,
    ) -> Result<Response<ListConnectionsResponse>, Status> {
        let user: UserId = request.into_inner().user_id.parse().map_err(|_| {
            Status::from(Fault::invalid(
                "USER_ID_INVALID",
                "user_id must be 24 hex digits",
            ))
        })?;
        let view = |connection: Arc<crate::fanout::Connection>| Connection {
            id: connection.id.to_string(),
            user_id: connection.principal.user.to_string(),
            dialect: connection.dialect.name().to_owned(),
            transport: connection.transport().to_owned(),
            connected_at_ms: millis(connection.since),
        };
        let connections = self
            .0
            .people
            .connections(user)
            .into_iter()
            .map(view)
            .collect();
        Ok(Response::new(ListConnectionsResponse { connections }))
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn millis(at: SystemTime) -> i64 {
    let since_epoch = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}
