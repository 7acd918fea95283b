//! `/api/messages`: history in pages, and sending without a socket.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use confab_ids::{MessageId, RoomId};
use confab_proto::message::Message;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::event::{Send, say_in};
use super::super::view::MessageView;
use super::Caller;
use crate::gateway::Gateway;
use crate::http::{Body, Id, Problem, Query};
use crate::message::announce::announce;
use crate::message::change::{self, DeleteMessage, For};
use crate::message::history::{self, Page};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/messages", post(write))
        .route("/api/messages/upload", post(upload))
        .route("/api/messages/{id}", get(page).delete(delete))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Which {
    page: Option<i64>,
    limit: Option<i64>,
}

async fn page(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(room): Id<RoomId>,
    Query(Which { page, limit }): Query<Which>,
) -> Result<Json<Value>, Problem> {
    let page = Page::of(page, limit);
    let history = history::page(&gateway, &principal, room, page).await?;
    let shown = history.messages.iter().filter(|one| one.note.is_none());
    let view = |message| {
        let message: &Message = message;
        let sender = history.senders.get(&message.from);
        json!(MessageView::with(message, sender, &history.receipts))
    };
    let messages: Vec<_> = shown.map(view).collect();
    let pages = page.count(history.count);
    Ok(Json(json!({
        "messages": messages,
        "totalPages": pages,
        "currentPage": page.number,
        "hasMore": page.number < pages,
    })))
}

async fn write(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Body(said): Body<Send>,
) -> Result<Response, Problem> {
    let sent = say_in(&gateway, &principal, said).await?;
    let status = if sent.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let view = Json(MessageView::new(sent.message(), sent.sender()));
    let answer = (status, view).into_response();
    announce(&gateway, sent).await;
    Ok(answer)
}

/// There is no service yet that takes files.
async fn upload(Caller(_): Caller) -> Problem {
    let detail = "File uploads are switched off";
    Problem::of_http(StatusCode::FORBIDDEN, "UPLOADS_OFF", detail)
}

async fn delete(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(message_id): Id<MessageId>,
) -> Result<Json<Value>, Problem> {
    let r#for = For::Everyone;
    let command = DeleteMessage { message_id, r#for };
    change::delete(&gateway, &principal, command).await?;
    Ok(Json(
        json!({ "success": true, "message": "Message deleted" }),
    ))
}
