//! `/api/rooms/:id/messages`: a room's history, and sending without a socket.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use confab_ids::{MessageId, RoomId};
use confab_proto::message::list_messages_request::Cursor;
use confab_proto::message::position::At;
use confab_proto::message::{ListMessagesRequest, Position};
use http::StatusCode;
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::dialect::native::{MessagePage, MessageView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::message::announce::announce;
use crate::message::send::{Attach, SendMessage, send};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/api/rooms/{id}/messages", get(history).post(post))
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Page {
    #[serde(default)]
    limit: Limit,
    before: Option<String>,
    after: Option<String>,
    around: Option<String>,
}

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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Post {
    #[serde(default)]
    content: String,
    #[serde(default)]
    r#type: String,
    client_message_id: Option<String>,
    reply_to: Option<String>,
    #[serde(default)]
    attachments: Vec<Attach>,
}

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
