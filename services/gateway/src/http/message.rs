//! `/api/messages/:id`: one message, its changes, its thread; `/api/rooms/:id/pins`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use confab_ids::{MessageId, RoomId};
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::contract::words::AnyId;
use crate::dialect::native::{EditList, EditView, MessageList, MessageView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::message::change::{
    self, Changed, DeleteMessage, EditMessage, For, PinMessage, ReactToMessage,
};
use crate::message::read::{self, Shown};

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new()
        .routes(routes!(one, edit, delete))
        .routes(routes!(react, unreact))
        .routes(routes!(pin, unpin))
        .routes(routes!(replies))
        .routes(routes!(edits))
        .routes(routes!(pins))
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

/// A message.
#[utoipa::path(
    get, path = "/api/messages/{id}", operation_id = "getMessage",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = MessageView<'_>, description = "the message"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(expecting = "an object")]
#[schema(as = EditBody)]
struct Edit {
    #[schema(min_length = 1, max_length = 8192)]
    content: String,
}

/// Changes what one's message says.
#[utoipa::path(
    patch, path = "/api/messages/{id}", operation_id = "editMessage",
    params(("id" = AnyId, Path)),
    request_body = Edit,
    responses(
        (status = 200, body = MessageView<'_>, description = "the message as it is now"),
        (status = 403, description = "`NOT_ALLOWED`, `BLOCKED`"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`"),
        (status = 409, description = "`MESSAGE_DELETED`")
    )
)]
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

#[derive(Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
struct Delete {
    #[serde(default)]
    #[param(inline)]
    r#for: For,
}

/// Deletes a message for everyone, or for oneself.
#[utoipa::path(
    delete, path = "/api/messages/{id}", operation_id = "deleteMessage",
    params(("id" = AnyId, Path), Delete),
    responses(
        (status = 204, description = "deleted"),
        (status = 403, description = "`NOT_ALLOWED`"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, ToSchema, IntoParams)]
#[serde(expecting = "an object")]
#[schema(as = ReactionBody)]
#[into_params(parameter_in = Query)]
struct React {
    #[schema(min_length = 1, max_length = 64, pattern = r"^\S+$", example = "👍")]
    #[param(min_length = 1, max_length = 64, pattern = r"^\S+$", example = "👍")]
    emoji: String,
}

/// Reacts to a message.
#[utoipa::path(
    post, path = "/api/messages/{id}/reactions", operation_id = "addReaction",
    params(("id" = AnyId, Path)),
    request_body = React,
    responses(
        (status = 200, body = MessageView<'_>, description = "the message as it is now"),
        (status = 403, description = "`NOT_ALLOWED`, `BLOCKED`"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`"),
        (status = 409, description = "`MESSAGE_DELETED`, `REACTIONS_FULL`")
    )
)]
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

/// Takes a reaction back.
#[utoipa::path(
    delete, path = "/api/messages/{id}/reactions", operation_id = "removeReaction",
    params(("id" = AnyId, Path), React),
    responses(
        (status = 200, body = MessageView<'_>, description = "the message as it is now"),
        (status = 403, description = "`NOT_ALLOWED`, `BLOCKED`"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`"),
        (status = 409, description = "`MESSAGE_DELETED`")
    )
)]
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

/// Pins a message. In a group the owner and admins may.
#[utoipa::path(
    put, path = "/api/messages/{id}/pin", operation_id = "pinMessage",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = MessageView<'_>, description = "the message as it is now"),
        (status = 403, description = "`NOT_ALLOWED`, `BLOCKED`"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`"),
        (status = 409, description = "`MESSAGE_DELETED`, `PINS_FULL`")
    )
)]
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

/// Takes a pin off.
#[utoipa::path(
    delete, path = "/api/messages/{id}/pin", operation_id = "unpinMessage",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = MessageView<'_>, description = "the message as it is now"),
        (status = 403, description = "`NOT_ALLOWED`, `BLOCKED`"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`"),
        (status = 409, description = "`MESSAGE_DELETED`")
    )
)]
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

#[derive(Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
struct Page {
    /// The `seq` of the last reply of the page before.
    #[serde(default)]
    #[param(minimum = 0)]
    after: i64,
    /// 50 if absent.
    #[serde(default)]
    #[param(value_type = i32, minimum = 1, maximum = 200)]
    limit: Limit,
}

/// The replies to a message, ascending.
#[utoipa::path(
    get, path = "/api/messages/{id}/replies", operation_id = "listReplies",
    params(("id" = AnyId, Path), Page),
    responses(
        (status = 200, body = MessageList<'_>, description = "a page of them"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`")
    )
)]
async fn replies(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MessageId>,
    Query(Page { after, limit }): Query<Page>,
) -> Result<Response, Problem> {
    let page = (after, limit.or_usual());
    Ok(list(&read::replies(&gateway, &principal, id, page).await?))
}

/// What a message said before; for its sender, the owner and admins.
#[utoipa::path(
    get, path = "/api/messages/{id}/edits", operation_id = "listEdits",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = EditList<'_>, description = "the earlier contents"),
        (status = 403, description = "`NOT_ALLOWED`"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`")
    )
)]
async fn edits(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MessageId>,
) -> Result<Response, Problem> {
    let edits = read::edits(&gateway, &principal, id).await?;
    let edits = edits.iter().map(EditView::from).collect();
    Ok(Json(EditList { edits }).into_response())
}

/// A room's pinned messages, the last pinned first.
#[utoipa::path(
    get, path = "/api/rooms/{id}/pins", operation_id = "listPins",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = MessageList<'_>, description = "at most 50"),
        (status = 404, description = "`ROOM_NOT_FOUND`")
    )
)]
async fn pins(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<RoomId>,
) -> Result<Response, Problem> {
    Ok(list(&read::pins(&gateway, &principal, id).await?))
}
