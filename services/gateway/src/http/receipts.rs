//! `/api/rooms/:id/receipts` and `/api/messages/:id/readers`: how far members have come.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use confab_ids::{MessageId, RoomId, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id, Limit, Query};
use super::problem::Problem;
use crate::contract::words::AnyId;
use crate::cursor::advance::{AdvanceCursor, Status, advance};
use crate::dialect::native::{CursorView, ReaderPage};
use crate::gateway::Gateway;
use crate::message::readers::{ListReaders, readers};

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    OpenApiRouter::new()
        .routes(routes!(receipt))
        .routes(routes!(list))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[schema(as = ReceiptBody)]
struct Receipt {
    #[schema(minimum = 0)]
    seq: Option<i64>,
    #[schema(value_type = Option<AnyId>)]
    message_id: Option<String>,
    status: Status,
}

/// Says how far one has received or read a room: up to a `seq` or a `messageId`.
#[utoipa::path(
    post, path = "/api/rooms/{id}/receipts", operation_id = "advanceCursor",
    params(("id" = AnyId, Path)),
    request_body = Receipt,
    responses(
        (status = 200, body = CursorView<'_>, description = "where the cursors are now"),
        (status = 404, description = "`ROOM_NOT_FOUND`, `MESSAGE_NOT_FOUND`")
    )
)]
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

#[derive(Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
struct Page {
    /// 100 if absent.
    #[serde(default)]
    #[param(value_type = i32, minimum = 1, maximum = 1000)]
    limit: Limit,
    /// The `nextCursor` of the page before.
    #[param(value_type = Option<AnyId>)]
    after: Option<UserId>,
}

/// Who has received and read a message, and when.
#[utoipa::path(
    get, path = "/api/messages/{id}/readers", operation_id = "listReaders",
    params(("id" = AnyId, Path), Page),
    responses(
        (status = 200, body = ReaderPage<'_>, description = "a page of them"),
        (status = 404, description = "`MESSAGE_NOT_FOUND`")
    )
)]
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
