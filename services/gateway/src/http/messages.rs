//! `/api/rooms/:id/messages`: a room's history, and sending without a socket.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use confab_ids::{MessageId, RoomId};
use confab_proto::message::list_messages_request::Cursor;
use confab_proto::message::position::At;
use confab_proto::message::{ListMessagesRequest, Position};
use http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::contract::object::objects;
use crate::contract::words::{AnyId, IdOrEmpty, SentType};
use crate::dialect::native::{MessagePage, MessageView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::message::announce::announce;
use crate::message::send::{Attach, SendMessage, send};

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new().routes(routes!(history, post))
}

#[derive(Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
struct Page {
    /// 50 if absent.
    #[serde(default)]
    #[param(value_type = i32, minimum = 1, maximum = 200)]
    limit: Limit,
    /// A `seq`, a message id or a time; so are the other two, and only one of them may be given.
    before: Option<String>,
    after: Option<String>,
    around: Option<String>,
}

/// A room's messages, ascending: the newest, or those before, after or around a place:
/// a `seq`, a message id or a time.
#[utoipa::path(
    get, path = "/api/rooms/{id}/messages", operation_id = "listMessages",
    params(("id" = AnyId, Path), Page),
    responses(
        (status = 200, body = MessagePage<'_>, description = "a page of them"),
        (status = 404, description = "`ROOM_NOT_FOUND`, `MESSAGE_NOT_FOUND`")
    )
)]
async fn history(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<RoomId>,
    Query(page): Query<Page>,
) -> Result<Response, Problem> {
    let cursor = match (page.before, page.after, page.around) {
        (None, None, None) => None,
        (Some(before), None, None) => Some(Cursor::Before(position("before", &before)?)),
        (None, Some(after), None) => Some(Cursor::After(position("after", &after)?)),
        (None, None, Some(around)) => Some(Cursor::Around(position("around", &around)?)),
        _ => {
            let detail = "before, after and around exclude each other";
            return Err(Error::field("before", detail).into());
        }
    };
    let request = ListMessagesRequest {
        user_id: principal.user.to_string(),
        room_id: id.to_string(),
        limit: page.limit.or_usual(),
        cursor,
    };
    let page = gateway.clients.message_store.list_messages(request).await?;
    let senders = gateway
        .profiles
        .senders(page.messages.iter().map(|m| m.from.as_str()))
        .await;
    Ok(Json(MessagePage::new(&page, &senders)).into_response())
}

/// A `seq`, a message id or an RFC 3339 time.
fn position(name: &'static str, text: &str) -> Result<Position, Error> {
    let at = if text.len() < 20
        && let Ok(seq) = text.parse::<i64>()
    {
        At::Seq(seq)
    } else if let Ok(id) = text.parse::<MessageId>() {
        At::MessageId(id.to_string())
    } else if let Ok(time) = humantime::parse_rfc3339(text) {
        let since_epoch = time
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        At::TimeMs(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    } else {
        return Err(Error::field(
            name,
            "must be a seq, a message id or a time like 2025-10-29T10:00:00Z",
        ));
    };
    Ok(Position { at: Some(at) })
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = SendMessageBody)]
struct Post {
    #[serde(default)]
    #[schema(max_length = 8192, example = "Hello")]
    content: String,
    /// What the first attachment is, or `text`, if absent or empty.
    #[serde(default)]
    #[schema(value_type = SentType)]
    r#type: String,
    #[schema(min_length = 1, max_length = 64, pattern = "^[ -~]+$")]
    client_message_id: Option<String>,
    #[schema(value_type = Option<IdOrEmpty>)]
    reply_to: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    #[schema(max_items = 10)]
    attachments: Vec<Attach>,
}

/// Sends a message. It is durable when this is answered.
#[utoipa::path(
    post, path = "/api/rooms/{id}/messages", operation_id = "sendMessage",
    params(("id" = AnyId, Path)),
    request_body = Post,
    responses(
        (status = 200, body = MessageView<'_>, description = "it had been sent before, with this `clientMessageId`"),
        (status = 201, body = MessageView<'_>, description = "the message"),
        (status = 403, description = "`BLOCKED`"),
        (status = 404, description = "`ROOM_NOT_FOUND`, `MESSAGE_NOT_FOUND`")
    )
)]
async fn post(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<RoomId>,
    Body(post): Body<Post>,
) -> Result<Response, Problem> {
    let room_id = Some(id.to_string());
    let command = SendMessage {
        room_id,
        to_user_id: None,
        content: post.content,
        r#type: post.r#type,
        client_message_id: post.client_message_id,
        reply_to: post.reply_to,
        attachments: post.attachments,
    };
    let sent = send(&gateway, &principal, command).await?;
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
