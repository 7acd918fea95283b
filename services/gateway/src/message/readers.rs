//! Who has received and read a message, and when.

use confab_ids::{MessageId, UserId};
use confab_proto::message::{ListReadersRequest, ListReadersResponse};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::contract::words::AnyId;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// What a client says to learn who has read a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct ListReaders {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub message_id: MessageId,
    /// 1 to 1,000; 100 if absent.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub limit: i32,
    /// The `nextCursor` of the page before.
    #[schema(value_type = Option<AnyId>)]
    pub after: Option<UserId>,
}

/// A page of those who have received it, without its sender.
pub async fn readers(
    gateway: &Gateway,
    principal: &Principal,
    command: ListReaders,
) -> Result<ListReadersResponse, Error> {
    let request = ListReadersRequest {
        user_id: principal.user.to_string(),
        message_id: command.message_id.to_string(),
        limit: command.limit,
        after_user_id: command
            .after
            .map(|user| user.to_string())
            .unwrap_or_default(),
    };
    Ok(gateway.clients.message_store.list_readers(request).await?)
}
