//! `/api/rooms/:id/receipts` and `/api/messages/:id/readers`: how far members have come.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use confab_ids::{MessageId, RoomId, UserId};
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::cursor::advance::{AdvanceCursor, Status, advance};
use crate::dialect::native::{CursorView, ReaderPage};
use crate::gateway::Gateway;
use crate::message::readers::{ListReaders, readers};

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/api/rooms/{id}/receipts", post(receipt))
        .route("/api/messages/{id}/readers", get(list))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Receipt {
    seq: Option<i64>,
    message_id: Option<String>,
    status: Status,
}

async fn receipt(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(room_id): Id<RoomId>,
    Body(receipt): Body<Receipt>,
) -> Result<Response, Problem> {
    let command = AdvanceCursor {
        room_id,
        seq: receipt.seq,
        message_id: receipt.message_id,
        status: receipt.status,
    };
    let cursor = advance(&gateway, &principal, command).await?;
    Ok(Json(CursorView::from(&cursor)).into_response())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Page {
    #[serde(default)]
    limit: Limit,
    after: Option<UserId>,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(message_id): Id<MessageId>,
    Query(Page { limit, after }): Query<Page>,
) -> Result<Response, Problem> {
    let command = ListReaders {
        message_id,
        limit: limit.or_usual(),
        after,
    };
    let page = readers(&gateway, &principal, command).await?;
    Ok(Json(ReaderPage::from(&page)).into_response())
}
