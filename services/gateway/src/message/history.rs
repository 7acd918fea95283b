//! A room's history with its receipts, for clients that see both in one.

use std::collections::HashMap;

use confab_ids::{MessageId, RoomId};
use confab_proto::event::Sender;
use confab_proto::message::list_messages_request::Cursor;
use confab_proto::message::position::At;
use confab_proto::message::{ListMessagesRequest, ListMessagesResponse, Message, Position};

use super::receipts::{Receipts, receipts};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// How many messages one page has at most.
const MOST: i64 = 200;

/// A part of a room's history, ascending.
pub struct History {
    /// The messages.
    pub messages: Vec<Message>,
    /// Who sent them, by id.
    pub senders: HashMap<String, Sender>,
    /// Who has read them.
    pub receipts: Receipts,
    /// How many messages the room has.
    pub count: i64,
}

/// Which page: the first has the newest messages.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// 1, 2, 3, ...
    pub number: i64,
    /// How many messages each has, 200 at most.
    pub size: i64,
}

impl Page {
    /// A page, as far as there can be such a one.
    pub fn of(number: Option<i64>, size: Option<i64>) -> Self {
        Self {
            number: number.unwrap_or(1).clamp(1, i64::MAX / MOST),
            size: size.unwrap_or(50).clamp(1, MOST),
        }
    }

    /// How many pages there are.
    pub const fn count(self, messages: i64) -> i64 {
        (messages + self.size - 1) / self.size
    }
}

/// The messages just before one, or the newest.
pub async fn before(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
    (message, limit): (Option<MessageId>, Option<i64>),
) -> Result<History, Error> {
    let at = message.map(|id| At::MessageId(id.to_string()));
    let limit = limit.unwrap_or(MOST).clamp(1, MOST);
    let listed = list(gateway, principal, room, (at, limit)).await?;
    with_receipts(gateway, principal, room, listed).await
}

/// One page.
pub async fn page(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
    page: Page,
) -> Result<History, Error> {
    let mut listed = list(gateway, principal, room, (None, page.size)).await?;
    if page.number > 1 {
        let head = listed.head.as_ref().map_or(0, |head| head.seq);
        let end = head - (page.number - 1) * page.size;
        if end > 0 {
            listed = list(
                gateway,
                principal,
                room,
                (Some(At::Seq(end + 1)), page.size),
            )
            .await?;
        } else {
            listed.messages.clear();
        }
    }
    with_receipts(gateway, principal, room, listed).await
}

async fn list(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
    (at, limit): (Option<At>, i64),
) -> Result<ListMessagesResponse, Error> {
    let request = ListMessagesRequest {
        user_id: principal.user.to_string(),
        room_id: room.to_string(),
        limit: i32::try_from(limit).unwrap_or(i32::MAX),
        cursor: at.map(|at| Cursor::Before(Position { at: Some(at) })),
    };
    Ok(gateway.clients.message_store.list_messages(request).await?)
}

async fn with_receipts(
    gateway: &Gateway,
    principal: &Principal,
    room: RoomId,
    listed: ListMessagesResponse,
) -> Result<History, Error> {
    let from = listed.messages.iter().map(|message| message.from.as_str());
    let senders = gateway.profiles.senders(from).await;
    Ok(History {
        senders,
        receipts: receipts(gateway, principal, room).await?,
        count: listed.head.map_or(0, |head| head.seq),
        messages: listed.messages,
    })
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn a_page_is_what_can_be_given() {
        let page = |number, size| {
            let page = Page::of(number, size);
            (page.number, page.size)
        };
        assert_eq!(page(None, None), (1, 50));
        assert_eq!(page(Some(-3), Some(0)), (1, 1));
        assert_eq!(page(Some(2), Some(100_000)), (2, 200));
        assert!(
            Page::of(Some(i64::MAX), Some(i64::MAX))
                .number
                .checked_mul(200)
                .is_some()
        );
    }

    #[test]
    fn the_last_page_may_be_short() {
        let page = Page::of(None, Some(10));
        assert_eq!(
            [0, 1, 10, 11].map(|messages| page.count(messages)),
            [0, 1, 1, 2]
        );
    }
}
