//! `/api/messages`: history in pages, and sending without a socket.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use confab_ids::{MediaId, MessageId, RoomId};
use confab_proto::message::Message;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::event::{Send, say_in};
use super::super::view::{MessageView, UploadView};
use super::Caller;
use crate::gateway::Gateway;
use crate::http::{Body, Id, Problem, Query, send_file, send_thumbnail, upload_form};
use crate::message::announce::announce;
use crate::message::change::{self, DeleteMessage, For};
use crate::message::history::{self, Page};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/messages", post(write))
        .route("/api/messages/{id}", get(page).delete(delete))
        .route("/api/media/{id}", get(file))
        .route("/api/media/{id}/thumbnail", get(thumbnail))
        .route(
            "/api/messages/upload",
            // What comes here is counted as it comes, by a bound of its own.
            post(upload).layer(DefaultBodyLimit::disable()),
        )
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
        json!(MessageView::with(
            message,
            sender,
            &history.receipts,
            &gateway.media.links
        ))
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
    let links = &gateway.media.links;
    let view = Json(MessageView::new(sent.message(), sent.sender(), links));
    let answer = (status, view).into_response();
    announce(&gateway, sent).await;
    Ok(answer)
}

/// Takes the file of a form, which a message may name then by its address.
async fn upload(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    request: Request,
) -> Result<Response, Problem> {
    let media = upload_form(&gateway, principal.user, request).await?;
    let view = UploadView::new(&media, &gateway.media.links);
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// A file, to who may see it: an `<img>` sends the cookie.
async fn file(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(id): Id<MediaId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    send_file(&gateway, (principal.user, id), &headers).await
}

async fn thumbnail(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(id): Id<MediaId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    send_thumbnail(&gateway, (principal.user, id), &headers).await
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Delete {
    #[serde(default)]
    r#for: For,
}

async fn delete(
    State(gateway): State<Arc<Gateway>>,
    Caller(principal): Caller,
    Id(message_id): Id<MessageId>,
    Query(Delete { r#for }): Query<Delete>,
) -> Result<Json<Value>, Problem> {
    let command = DeleteMessage { message_id, r#for };
    change::delete(&gateway, &principal, command).await?;
    Ok(Json(
        json!({ "success": true, "message": "Message deleted" }),
    ))
}
