//! `/api/rooms`: one's rooms, and who is in them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use confab_ids::{RoomId, UserId};
use confab_proto::message::{GetRoomRequest, ListMembersRequest, ListRoomsRequest, Room};
use http::StatusCode;
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::dialect::native::{MemberPage, RoomList, RoomView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::room::create::{CreateRoom, create};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/rooms", get(list).post(make))
        .route("/api/rooms/{id}", get(one))
        .route("/api/rooms/{id}/members", get(members))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Newest {
    #[serde(default)]
    limit: Limit,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Query(Newest { limit }): Query<Newest>,
) -> Result<Response, Problem> {
    let request = ListRoomsRequest {
        user_id: principal.user.to_string(),
        limit: limit.or_usual(),
    };
    let rooms = gateway
        .clients
        .message_store
        .list_rooms(request)
        .await?
        .rooms;
    let senders = gateway
        .profiles
        .senders(rooms.iter().filter_map(last_sender))
        .await;
    let rooms = rooms
        .iter()
        .map(|room| RoomView::new(room, &senders))
        .collect();
    Ok(Json(RoomList { rooms }).into_response())
}

async fn make(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Body(command): Body<CreateRoom>,
) -> Result<Response, Problem> {
    let created = create(&gateway, &principal, command).await?;
    let senders = gateway.profiles.senders(last_sender(&created.room)).await;
    let status = if created.new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(RoomView::new(&created.room, &senders))).into_response())
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<RoomId>,
) -> Result<Response, Problem> {
    let request = GetRoomRequest {
        user_id: principal.user.to_string(),
        room_id: id.to_string(),
    };
    let room = gateway.clients.message_store.get_room(request).await?.room;
    let room = room.ok_or(Error::RoomNotFound)?;
    let senders = gateway.profiles.senders(last_sender(&room)).await;
    Ok(Json(RoomView::new(&room, &senders)).into_response())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct MembersAfter {
    #[serde(default)]
    limit: Limit,
    after: Option<UserId>,
}

async fn members(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<RoomId>,
    Query(MembersAfter { limit, after }): Query<MembersAfter>,
) -> Result<Response, Problem> {
    let request = ListMembersRequest {
        user_id: principal.user.to_string(),
        room_id: id.to_string(),
        limit: limit.or_usual(),
        after_user_id: after.map(|id| id.to_string()).unwrap_or_default(),
    };
    let page = gateway.clients.message_store.list_members(request).await?;
    Ok(Json(MemberPage::from(&page)).into_response())
}

fn last_sender(room: &Room) -> Option<&str> {
    room.last_message
        .as_ref()
        .map(|message| message.from.as_str())
}
