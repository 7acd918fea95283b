//! Chatspace's REST side: users and messages. Logging in is in `auth`.

mod auth;
mod draft;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use confab_fault::Kind;
use confab_ids::{MediaId, MessageId, RoomId, UserId};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use self::draft::Draft;
use super::view::{MessageView, UserView};
use crate::cursor::advance::{AdvanceCursor, Status, advance};
use crate::dialect::in_words;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::{Authenticated, Id, Problem, Query};
use crate::message::announce::announce;
use crate::message::send::{Attach, SendMessage, send};
use crate::message::{history, read, unseen};
use crate::people;

pub fn routes() -> Router<Arc<Gateway>> {
    let routes = Router::new()
        .route("/api/messages/users", get(users))
        .route("/api/messages/{id}", get(messages))
        .route("/api/messages/send/{id}", post(write))
        .route("/api/messages/seen/{id}", put(see))
        .merge(auth::routes());
    in_words(routes, |fault| {
        let message = match fault.reason() {
            "UPLOADS_OFF" => "Image uploads are disabled by AVC",
            _ => fault.detail(),
        };
        json!({ "success": false, "message": message })
    })
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Search {
    #[serde(default)]
    query: String,
}

async fn users(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Query(Search { query }): Query<Search>,
) -> Result<Json<Value>, Problem> {
    let people = people::known(&gateway, &principal, &query).await?;
    let counts = unseen::unseen(&gateway, &principal, &people.pairs).await;
    let counted = people
        .pairs
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0);
    let unseen: HashMap<_, _> = counted
        .map(|(room, count)| (&room.member_ids[0], count))
        .collect();
    let view = |user| UserView::new(user, &gateway.media.links);
    let users: Vec<_> = people.users.iter().map(view).collect();
    Ok(Json(
        json!({ "success": true, "users": users, "unseenMessages": unseen }),
    ))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Before {
    before: Option<MessageId>,
    limit: Option<i64>,
}

async fn messages(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(other): Id<UserId>,
    Query(Before { before, limit }): Query<Before>,
) -> Result<Json<Value>, Problem> {
    let room = RoomId::of_two(principal.user, other);
    let history = match history::before(&gateway, &principal, room, (before, limit)).await {
        Ok(history) => history,
        // Nothing was said between the two yet.
        Err(Error::Peer(fault)) if fault.kind() == Kind::NotFound => {
            people::somebody(&gateway, other).await?;
            return Ok(Json(json!({ "success": true, "messages": [] })));
        }
        Err(error) => return Err(error.into()),
    };
    let me = principal.user.to_string();
    let mut messages = Vec::with_capacity(history.messages.len());
    for message in &history.messages {
        let receiver = match message.from == me {
            true => other,
            false => principal.user,
        };
        let seen = history.receipts.read_at(message, receiver).is_some();
        let viewer = (principal.user, &*gateway.media.links);
        messages.push(MessageView::new(message, (receiver, seen), viewer));
    }
    Ok(Json(json!({ "success": true, "messages": messages })))
}

async fn write(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(receiver): Id<UserId>,
    request: Request,
) -> Result<Response, Problem> {
    let Draft { text, image } = draft::read(&gateway, principal.user, request).await?;
    let attach = |id: MediaId| Attach {
        media_id: id.to_string(),
        ..Attach::default()
    };
    let command = SendMessage {
        room_id: None,
        to_user_id: Some(receiver.to_string()),
        content: text,
        r#type: String::new(),
        reply_to: None,
        attachments: image.map(attach).into_iter().collect(),
        client_message_id: None,
    };
    let sent = send(&gateway, &principal, command).await?;
    let viewer = (principal.user, &*gateway.media.links);
    let view = MessageView::new(sent.message(), (receiver, false), viewer);
    let body = Json(json!({ "success": true, "newMessage": view }));
    let answer = (StatusCode::CREATED, body).into_response();
    announce(&gateway, sent).await;
    Ok(answer)
}

/// Marks a message as seen, and those before it. Only its receiver can.
async fn see(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MessageId>,
) -> Result<Json<Value>, Problem> {
    let shown = read::one(&gateway, &principal, id).await?;
    let me = principal.user.to_string();
    let mut messages = shown.messages.iter();
    let message = messages.find(|one| one.from != me);
    let message = message.ok_or(Error::MessageNotFound)?;
    let room_id = message.room_id.parse().map_err(|_| Error::RoomNotFound)?;
    let command = AdvanceCursor {
        room_id,
        seq: Some(message.seq),
        message_id: None,
        status: Status::Read,
    };
    advance(&gateway, &principal, command).await?;
    Ok(Json(json!({ "success": true })))
}
