//! `/api/conversations`: one's rooms, of two and of many.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use confab_ids::{RoomId, UserId};
use confab_proto::message::{GetRoomRequest, ListMembersRequest, ListRoomsRequest, Member, Room};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::view::{Around, ConversationView};
use super::Caller;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::{Body, Id, Problem};
use crate::message::unseen;
use crate::principal::Principal;
use crate::room::create::{CreateRoom, create};

/// How many participants of a large conversation are shown.
const SHOWN: i32 = 100;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/conversations", get(list).post(make))
        .route("/api/conversations/group", post(make_group))
        .route("/api/conversations/{id}", get(one))
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
) -> Result<Json<Value>, Problem> {
    let request = ListRoomsRequest {
        user_id: principal.user.to_string(),
        ..ListRoomsRequest::default()
    };
    let rooms = gateway.clients.message_store.list_rooms(request).await?;
    let views = views(&gateway, &principal, &rooms.rooms, &[]).await?;
    Ok(Json(Value::Array(views)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct With {
    participant_id: UserId,
}

async fn make(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Body(With { participant_id }): Body<With>,
) -> Result<Response, Problem> {
    let command = CreateRoom {
        name: None,
        is_group: false,
        member_ids: vec![participant_id.to_string()],
    };
    let created = create(&gateway, &principal, command).await?;
    let status = if created.new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let view = view(&gateway, &principal, created.room).await?;
    Ok((status, Json(view)).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Group {
    group_name: String,
    #[serde(alias = "participants")]
    participant_ids: Vec<String>,
}

async fn make_group(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Body(group): Body<Group>,
) -> Result<Response, Problem> {
    let command = CreateRoom {
        name: Some(group.group_name),
        is_group: true,
        member_ids: group.participant_ids,
    };
    let created = create(&gateway, &principal, command).await?;
    let view = view(&gateway, &principal, created.room).await?;
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(id): Id<RoomId>,
) -> Result<Json<Value>, Problem> {
    let request = GetRoomRequest {
        user_id: principal.user.to_string(),
        room_id: id.to_string(),
    };
    let room = gateway.clients.message_store.get_room(request).await?.room;
    let room = room.ok_or(Error::RoomNotFound)?;
    Ok(Json(view(&gateway, &principal, room).await?))
}

/// One conversation with its first participants and who leads it.
async fn view(gateway: &Gateway, principal: &Principal, room: Room) -> Result<Value, Problem> {
    let mut members = Vec::new();
    if room.is_group {
        let request = ListMembersRequest {
            user_id: principal.user.to_string(),
            room_id: room.id.clone(),
            limit: SHOWN,
            after_user_id: String::new(),
        };
        members = gateway
            .clients
            .message_store
            .list_members(request)
            .await?
            .members;
    }
    let mut views = views(gateway, principal, &[room], &members).await?;
    Ok(views.pop().unwrap_or_default())
}

async fn views(
    gateway: &Gateway,
    principal: &Principal,
    rooms: &[Room],
    members: &[Member],
) -> Result<Vec<Value>, Problem> {
    let unread = unseen::unseen(gateway, principal, rooms).await;
    let named = rooms.iter().flat_map(|room| &room.member_ids);
    let ids = named.chain(members.iter().map(|one| &one.user_id));
    let users = gateway.profiles.many(ids.map(String::as_str)).await?;
    let last = rooms.iter().filter_map(|room| room.last_message.as_ref());
    let senders = gateway
        .profiles
        .senders(last.map(|m| m.from.as_str()))
        .await;
    let me = principal.user.to_string();
    let view = |(room, unread): (&Room, i64)| {
        let around = Around {
            unread: (&me, unread),
            members,
            users: &users,
            senders: &senders,
        };
        json!(ConversationView::new(room, &around, &gateway.media.links))
    };
    Ok(rooms.iter().zip(unread).map(view).collect())
}
