//! Searching in the messages of one's rooms.

use confab_proto::event::Sender;
use confab_proto::message::{Message, SearchMessagesRequest};
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};

use crate::contract::words::{IdOrEmpty, Time};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// What a client says to search.
#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[into_params(parameter_in = Query)]
pub struct SearchMessages {
    /// 1 to 10 words, at most 256 bytes. The last one, and those before a `*`, are prefixes.
    #[schema(min_length = 1, max_length = 256)]
    #[param(min_length = 1, max_length = 256, example = "hello wor*")]
    pub q: String,
    /// Only in this room.
    #[serde(default)]
    #[schema(value_type = IdOrEmpty)]
    #[param(value_type = IdOrEmpty)]
    pub room_id: String,
    /// Only what this user sent.
    #[serde(default)]
    #[schema(value_type = IdOrEmpty)]
    #[param(value_type = IdOrEmpty)]
    pub from: String,
    /// Only what was sent at this time or later, as RFC 3339.
    #[schema(value_type = Option<Time>)]
    #[param(value_type = Option<Time>)]
    pub after: Option<String>,
    /// Only what was sent before this time.
    #[schema(value_type = Option<Time>)]
    #[param(value_type = Option<Time>)]
    pub before: Option<String>,
    /// 1 to 100; 20 if absent.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    #[param(minimum = 0, maximum = 100)]
    pub limit: i32,
    /// The `nextCursor` of the page before.
    #[serde(default)]
    pub cursor: String,
}

/// Found messages, the newest first, with those who sent them.
pub struct Found {
    /// The messages.
    pub messages: Vec<Message>,
    /// By id; those who are not known are missing.
    pub senders: HashMap<String, Sender>,
    /// Where to go on; empty at the end.
    pub next_cursor: String,
}

/// Searches in all rooms of the principal, or in one.
pub async fn search(
    gateway: &Gateway,
    principal: &Principal,
    command: SearchMessages,
) -> Result<Found, Error> {
    let request = SearchMessagesRequest {
        user_id: principal.user.to_string(),
        since_ms: millis("after", command.after.as_deref())?,
        until_ms: millis("before", command.before.as_deref())?,
        query: command.q,
        room_id: command.room_id,
        from_user_id: command.from,
        limit: command.limit,
        cursor: command.cursor,
    };
    let answer = gateway.clients.search.search_messages(request).await?;
    let from = answer.messages.iter().map(|message| message.from.as_str());
    let senders = gateway.profiles.senders(from).await;
    Ok(Found {
        messages: answer.messages,
        senders,
        next_cursor: answer.next_cursor,
    })
}

/// Milliseconds since the Unix epoch; 0 if no time is given.
fn millis(name: &'static str, time: Option<&str>) -> Result<i64, Error> {
    let Some(time) = time else { return Ok(0) };
    let time = humantime::parse_rfc3339(time)
        .map_err(|_| Error::field(name, "must be a time like 2025-10-29T10:00:00Z"))?;
    let since_epoch = time
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Ok(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
