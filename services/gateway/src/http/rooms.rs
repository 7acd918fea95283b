//! `/api/rooms`: one's rooms, and who is in them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use confab_ids::{RoomId, UserId};
use confab_proto::message::{GetRoomRequest, ListMembersRequest, ListRoomsRequest, Room};
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::contract::object::object;
use crate::contract::words::{AnyId, Time};
use crate::dialect::native::{MemberPage, RoomList, RoomView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::room::change::{
    self, AddMembers, Keep, MuteRoom, NewRole, RemoveMember, SetRole, UpdateRoom,
};
use crate::room::create::{CreateRoom, create};

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new()
        .routes(routes!(list, make))
        .routes(routes!(one, update))
        .routes(routes!(members, add))
        .routes(routes!(remove, set_role))
        .routes(routes!(mute))
}

#[derive(Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
struct Newest {
    /// 1,000 if absent.
    #[serde(default)]
    #[param(value_type = i32, minimum = 1, maximum = 1000)]
    limit: Limit,
    /// The `nextCursor` of the page before.
    #[serde(default)]
    cursor: String,
}

/// One's rooms, the most recently active first.
#[utoipa::path(
    get, path = "/api/rooms", operation_id = "listRooms",
    params(Newest),
    responses(
        (status = 200, body = RoomList<'_>, description = "a page of them")
    )
)]
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

/// Makes a group, or gets or makes the one room of two.
#[utoipa::path(
    post, path = "/api/rooms", operation_id = "createRoom",
    request_body = CreateRoom,
    responses(
        (status = 200, body = RoomView<'_>, description = "it was there"),
        (status = 201, body = RoomView<'_>, description = "it is new"),
        (status = 403, description = "`BLOCKED`"),
        (status = 404, description = "`USER_NOT_FOUND`")
    )
)]
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

/// A room.
#[utoipa::path(
    get, path = "/api/rooms/{id}", operation_id = "getRoom",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = RoomView<'_>, description = "the room"),
        (status = 404, description = "`ROOM_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
struct MembersAfter {
    /// 100 if absent.
    #[serde(default)]
    #[param(value_type = i32, minimum = 1, maximum = 1000)]
    limit: Limit,
    /// The `nextCursor` of the page before.
    #[param(value_type = Option<AnyId>)]
    after: Option<UserId>,
}

/// Who is in a room, by their ids.
#[utoipa::path(
    get, path = "/api/rooms/{id}/members", operation_id = "listMembers",
    params(("id" = AnyId, Path), MembersAfter),
    responses(
        (status = 200, body = MemberPage<'_>, description = "a page of them"),
        (status = 404, description = "`ROOM_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = UpdateRoomBody)]
struct Update {
    #[schema(max_length = 100)]
    name: Option<String>,
    #[schema(max_length = 2048)]
    image_url: Option<String>,
    #[serde(default, deserialize_with = "object")]
    retention: Option<Keep>,
}

/// Changes a room's name or image; what is absent stays. The owner and admins may.
#[utoipa::path(
    patch, path = "/api/rooms/{id}", operation_id = "updateRoom",
    params(("id" = AnyId, Path)),
    request_body = Update,
    responses(
        (status = 200, body = RoomView<'_>, description = "the room as it is now"),
        (status = 204, description = "one has left it meanwhile"),
        (status = 403, description = "`NOT_ALLOWED`"),
        (status = 404, description = "`ROOM_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = AddMembersBody)]
struct Add {
    #[schema(value_type = Vec<AnyId>, min_items = 1, max_items = 1000)]
    user_ids: Vec<UserId>,
}

/// Adds people to a group. The owner and admins may.
#[utoipa::path(
    post, path = "/api/rooms/{id}/members", operation_id = "addMembers",
    params(("id" = AnyId, Path)),
    request_body = Add,
    responses(
        (status = 200, body = RoomView<'_>, description = "the room as it is now"),
        (status = 204, description = "one has left it meanwhile"),
        (status = 403, description = "`NOT_ALLOWED`, `BLOCKED`"),
        (status = 404, description = "`ROOM_NOT_FOUND`, `USER_NOT_FOUND`"),
        (status = 409, description = "`ROOM_FULL`")
    )
)]
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

/// Takes somebody, or oneself, out of a group.
#[utoipa::path(
    delete, path = "/api/rooms/{id}/members/{user_id}", operation_id = "removeMember",
    params(("id" = AnyId, Path), ("user_id" = AnyId, Path)),
    responses(
        (status = 200, body = RoomView<'_>, description = "the room as it is now"),
        (status = 204, description = "one has left it"),
        (status = 403, description = "`NOT_ALLOWED`"),
        (status = 404, description = "`ROOM_NOT_FOUND`, `MEMBER_NOT_FOUND`")
    )
)]
async fn remove(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id((room_id, user_id)): Id<(RoomId, UserId)>,
) -> Result<Response, Problem> {
    let command = RemoveMember { room_id, user_id };
    let room = change::remove(&gateway, &principal, command).await?;
    Ok(changed(&gateway, room).await)
}

#[derive(Deserialize, ToSchema)]
#[serde(expecting = "an object")]
#[schema(as = RoleBody)]
struct Role {
    role: NewRole,
}

/// Gives a member a role. The owner may.
#[utoipa::path(
    patch, path = "/api/rooms/{id}/members/{user_id}", operation_id = "setRole",
    params(("id" = AnyId, Path), ("user_id" = AnyId, Path)),
    request_body = Role,
    responses(
        (status = 200, body = RoomView<'_>, description = "the room as it is now"),
        (status = 204, description = "one has left it meanwhile"),
        (status = 403, description = "`NOT_ALLOWED`"),
        (status = 404, description = "`ROOM_NOT_FOUND`, `MEMBER_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(expecting = "an object")]
#[schema(as = MuteBody)]
struct Mute {
    muted: bool,
    #[schema(value_type = Option<Time>)]
    until: Option<String>,
}

/// Mutes a room for oneself, or no longer.
#[utoipa::path(
    put, path = "/api/rooms/{id}/mute", operation_id = "muteRoom",
    params(("id" = AnyId, Path)),
    request_body = Mute,
    responses(
        (status = 200, body = RoomView<'_>, description = "the room as it is now"),
        (status = 204, description = "one has left it meanwhile"),
        (status = 404, description = "`ROOM_NOT_FOUND`")
    )
)]
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
