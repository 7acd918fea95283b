//! Heretics' REST side.

use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use confab_ids::{MessageId, RoomId, UserId};
use confab_proto::message::{ListRoomsRequest, Room};
use http::StatusCode;
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};

use super::view::{ChatView, MessageView, UserView};
use crate::dialect::in_words;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::{Body, Id, Problem, Query, charged};
use crate::message::history;
use crate::people;
use crate::principal::Principal;
use crate::room::create::{CreateRoom, create};

pub fn routes() -> Router<Arc<Gateway>> {
    let routes = Router::new()
        .route("/api/auth/me", get(me))
        // What a client of the seed says after its first login: the account is there by then.
        .route("/api/auth/callback", post(me))
        .route("/api/users", get(users))
        .route("/api/chats", get(chats).post(make))
        .route("/api/chats/with/{id}", post(make_with))
        .route("/api/messages/chat/{id}", get(messages));
    in_words(routes, |fault| {
        let message = match fault.reason() {
            "ROOM_NOT_FOUND" => "Chat not found",
            "USER_NOT_FOUND" => "User not found",
            "TOKEN_MISSING" | "TOKEN_INVALID" => "Unauthorized",
            _ => fault.detail(),
        };
        json!({ "message": message })
    })
}

/// The user behind a token, of our own or of an issuer elsewhere.
struct Caller(Principal);

impl FromRequestParts<Arc<Gateway>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Arc<Gateway>,
    ) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION);
        let token = header
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .ok_or(Error::TokenMissing)?;
        let principal = gateway.verify_any(token).await?;
        Ok(Self(charged(gateway, principal).await?))
    }
}

async fn me(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
) -> Result<Response, Problem> {
    let user = people::oneself(&gateway, &principal).await?;
    Ok(Json(UserView::new(&user, &gateway.media.links)).into_response())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Search {
    #[serde(default)]
    query: String,
}

async fn users(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Query(Search { query }): Query<Search>,
) -> Result<Response, Problem> {
    let people = people::known(&gateway, &principal, &query).await?;
    let view = |user| UserView::new(user, &gateway.media.links);
    let users: Vec<_> = people.users.iter().map(view).collect();
    Ok(Json(users).into_response())
}

async fn chats(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
) -> Result<Json<Value>, Problem> {
    let request = ListRoomsRequest {
        user_id: principal.user.to_string(),
        ..ListRoomsRequest::default()
    };
    let list = gateway.clients.message_store.list_rooms(request).await?;
    Ok(Json(json!(views(&gateway, &list.rooms).await?)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct With {
    participant_id: UserId,
}

async fn make(
    state: State<Arc<Gateway>>,
    caller: Caller,
    Body(With { participant_id }): Body<With>,
) -> Result<Response, Problem> {
    make_with(state, caller, Id(participant_id)).await
}

async fn make_with(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(other): Id<UserId>,
) -> Result<Response, Problem> {
    let command = CreateRoom {
        name: None,
        is_group: false,
        member_ids: vec![other.to_string()],
    };
    let created = create(&gateway, &principal, command).await?;
    let status = if created.new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let mut views = views(&gateway, std::slice::from_ref(&created.room)).await?;
    Ok((status, Json(views.pop())).into_response())
}

async fn views(gateway: &Gateway, rooms: &[Room]) -> Result<Vec<Value>, Problem> {
    let members = rooms.iter().flat_map(|room| &room.member_ids);
    let users = gateway.profiles.many(members.map(String::as_str)).await?;
    let last = rooms.iter().filter_map(|room| room.last_message.as_ref());
    let senders = gateway
        .profiles
        .senders(last.map(|m| m.from.as_str()))
        .await;
    let view = |room| json!(ChatView::new(room, &users, &senders, &gateway.media.links));
    Ok(rooms.iter().map(view).collect())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Before {
    before: Option<MessageId>,
    limit: Option<i64>,
}

async fn messages(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(room): Id<RoomId>,
    Query(Before { before, limit }): Query<Before>,
) -> Result<Json<Value>, Problem> {
    let history = history::before(&gateway, &principal, room, (before, limit)).await?;
    let messages = history.messages.iter().filter(|one| one.note.is_none());
    let view = |message| {
        let message: &confab_proto::message::Message = message;
        json!(MessageView::new(
            message,
            history.senders.get(&message.from),
            &gateway.media.links
        ))
    };
    Ok(Json(Value::Array(messages.map(view).collect())))
}
