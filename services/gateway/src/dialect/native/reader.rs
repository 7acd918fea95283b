//! Who has read a message, as native clients see it.

use confab_proto::message::{ListReadersResponse, Reader};
use serde::Serialize;
use utoipa::ToSchema;

use super::rfc3339;
use crate::contract::words::{AnyId, Time};

/// When somebody received and read a message.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reader)]
pub struct ReaderView<'a> {
    #[schema(value_type = AnyId)]
    pub user_id: &'a str,
    #[schema(required, value_type = Option<Time>)]
    pub delivered_at: Option<String>,
    #[schema(required, value_type = Option<Time>)]
    pub read_at: Option<String>,
}

/// A page of them.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReaderPage<'a> {
    pub readers: Vec<ReaderView<'a>>,
    /// What to pass as `after` for the next page.
    #[schema(required)]
    pub next_cursor: Option<&'a str>,
    pub has_more: bool,
}

impl<'a> From<&'a ListReadersResponse> for ReaderPage<'a> {
    fn from(page: &'a ListReadersResponse) -> Self {
        let view = |reader: &'a Reader| ReaderView {
            user_id: &reader.user_id,
            delivered_at: rfc3339(reader.delivered_at_ms),
            read_at: rfc3339(reader.read_at_ms),
        };
        let next = Some(page.next_user_id.as_str()).filter(|cursor| !cursor.is_empty());
        Self {
            readers: page.readers.iter().map(view).collect(),
            next_cursor: next,
            has_more: next.is_some(),
        }
    }
}
