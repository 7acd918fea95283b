//! `/api/messages/:id`: one message, its changes, its thread; `/api/rooms/:id/pins`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use confab_ids::{MessageId, RoomId};
use http::StatusCode;
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::dialect::native::{EditList, EditView, MessageList, MessageView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::message::change::{
    self, Changed, DeleteMessage, EditMessage, For, PinMessage, ReactToMessage,
};
use crate::message::read::{self, Shown};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/messages/{id}", get(one).patch(edit).delete(delete))
        .route("/api/messages/{id}/reactions", post(react).delete(unreact))
        .route("/api/messages/{id}/pin", put(pin).delete(unpin))
        .route("/api/messages/{id}/replies", get(replies))
        .route("/api/messages/{id}/edits", get(edits))
        .route("/api/rooms/{id}/pins", get(pins))
}

fn message(Changed { message, sender }: &Changed) -> Response {
    Json(MessageView::new(message, sender.as_ref())).into_response()
}

fn list(shown: &Shown) -> Response {
    Json(MessageList::new(
        &shown.messages,
        &shown.senders,
        shown.has_more,
    ))
    .into_response()
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MessageId>,
) -> Result<Response, Problem> {
    let shown = read::one(&gateway, &principal, id).await?;
    let message = shown.messages.first().ok_or(Error::MessageNotFound)?;
    let sender = shown.senders.get(&message.from);
    Ok(Json(MessageView::new(message, sender)).into_response())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Edit {
    content: String,
}

async fn edit(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(message_id): Id<MessageId>,
    Body(Edit { content }): Body<Edit>,
) -> Result<Response, Problem> {
    let command = EditMessage {
        message_id,
        content,
    };
    Ok(message(&change::edit(&gateway, &principal, command).await?))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Delete {
    #[serde(default)]
    r#for: For,
}

async fn delete(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(message_id): Id<MessageId>,
    Query(Delete { r#for }): Query<Delete>,
) -> Result<Response, Problem> {
    let command = DeleteMessage { message_id, r#for };
    change::delete(&gateway, &principal, command).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct React {
    emoji: String,
}

async fn react(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(message_id): Id<MessageId>,
    Body(React { emoji }): Body<React>,
) -> Result<Response, Problem> {
    let command = ReactToMessage {
        message_id,
        emoji,
        remove: false,
    };
    Ok(message(
        &change::react(&gateway, &principal, command).await?,
    ))
}

async fn unreact(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(message_id): Id<MessageId>,
    Query(React { emoji }): Query<React>,
) -> Result<Response, Problem> {
    let command = ReactToMessage {
        message_id,
        emoji,
        remove: true,
    };
    Ok(message(
        &change::react(&gateway, &principal, command).await?,
    ))
}

async fn pin(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(message_id): Id<MessageId>,
) -> Result<Response, Problem> {
    let command = PinMessage {
        message_id,
        remove: false,
    };
    Ok(message(&change::pin(&gateway, &principal, command).await?))
}

async fn unpin(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(message_id): Id<MessageId>,
) -> Result<Response, Problem> {
    let command = PinMessage {
        message_id,
        remove: true,
    };
    Ok(message(&change::pin(&gateway, &principal, command).await?))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Page {
    #[serde(default)]
    after: i64,
    #[serde(default)]
    limit: Limit,
}

async fn replies(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MessageId>,
    Query(Page { after, limit }): Query<Page>,
) -> Result<Response, Problem> {
    let page = (after, limit.or_usual());
    Ok(list(&read::replies(&gateway, &principal, id, page).await?))
}

async fn edits(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MessageId>,
) -> Result<Response, Problem> {
    let edits = read::edits(&gateway, &principal, id).await?;
    let edits = edits.iter().map(EditView::from).collect();
    Ok(Json(EditList { edits }).into_response())
}

async fn pins(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<RoomId>,
) -> Result<Response, Problem> {
    Ok(list(&read::pins(&gateway, &principal, id).await?))
}
