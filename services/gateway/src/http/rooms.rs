//! `/api/rooms`: one's rooms, and who is in them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, put};
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
use crate::room::change::{
    self, AddMembers, Keep, MuteRoom, NewRole, RemoveMember, SetRole, UpdateRoom,
};
use crate::room::create::{CreateRoom, create};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/rooms", get(list).post(make))
        .route("/api/rooms/{id}", get(one).patch(update))
        .route("/api/rooms/{id}/members", get(members).post(add))
        .route(
            "/api/rooms/{id}/members/{user_id}",
            delete(remove).patch(set_role),
        )
        .route("/api/rooms/{id}/mute", put(mute))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Newest {
    #[serde(default)]
    limit: Limit,
    #[serde(default)]
    cursor: String,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Query(Newest { limit, cursor }): Query<Newest>,
) -> Result<Response, Problem> {
    let request = ListRoomsRequest {
        user_id: principal.user.to_string(),
        limit: limit.or_usual(),
        cursor,
    };
    let page = gateway.clients.message_store.list_rooms(request).await?;
    let rooms = &page.rooms;
    let senders = gateway
        .profiles
        .senders(rooms.iter().filter_map(last_sender))
        .await;
    let rooms = rooms
        .iter()
        .map(|room| RoomView::new(room, &senders))
        .collect();
    let next_cursor = Some(page.next_cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let list = RoomList {
        rooms,
        total_unread: page.total_unread,
        next_cursor,
        has_more: next_cursor.is_some(),
    };
    Ok(Json(list).into_response())
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

/// The room as it is now, or nothing if one has left it.
async fn changed(gateway: &Gateway, room: Option<Room>) -> Response {
    let Some(room) = room else {
        return StatusCode::NO_CONTENT.into_response();
    };
    let senders = gateway.profiles.senders(last_sender(&room)).await;
    Json(RoomView::new(&room, &senders)).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Update {
    name: Option<String>,
    image_url: Option<String>,
    retention: Option<Keep>,
}

async fn update(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(room_id): Id<RoomId>,
    Body(update): Body<Update>,
) -> Result<Response, Problem> {
    let command = UpdateRoom {
        room_id,
        name: update.name,
        image_url: update.image_url,
        retention: update.retention,
    };
    let room = change::update(&gateway, &principal, command).await?;
    Ok(changed(&gateway, room).await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Add {
    user_ids: Vec<UserId>,
}

async fn add(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(room_id): Id<RoomId>,
    Body(Add { user_ids }): Body<Add>,
) -> Result<Response, Problem> {
    let command = AddMembers { room_id, user_ids };
    let room = change::add(&gateway, &principal, command).await?;
    Ok(changed(&gateway, room).await)
}

async fn remove(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id((room_id, user_id)): Id<(RoomId, UserId)>,
) -> Result<Response, Problem> {
    let command = RemoveMember { room_id, user_id };
    let room = change::remove(&gateway, &principal, command).await?;
    Ok(changed(&gateway, room).await)
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Role {
    role: NewRole,
}

async fn set_role(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id((room_id, user_id)): Id<(RoomId, UserId)>,
    Body(Role { role }): Body<Role>,
) -> Result<Response, Problem> {
    let command = SetRole {
        room_id,
        user_id,
        role,
    };
    let room = change::set_role(&gateway, &principal, command).await?;
    Ok(changed(&gateway, room).await)
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Mute {
    muted: bool,
    until: Option<String>,
}

async fn mute(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(room_id): Id<RoomId>,
    Body(Mute { muted, until }): Body<Mute>,
) -> Result<Response, Problem> {
    let command = MuteRoom {
        room_id,
        muted,
        until,
    };
    let room = change::mute(&gateway, &principal, command).await?;
    Ok(changed(&gateway, room).await)
}
