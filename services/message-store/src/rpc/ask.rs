//! What callers ask for, from the wire to typed commands.

pub mod message;

use std::collections::HashSet;

use confab_ids::{MessageId, RoomId, UserId};
use confab_proto::message as wire;

use crate::error::Error;
use crate::invalid::Invalid;
use crate::message::list::{ListMessages, Page, Position};
use crate::receipt::{Cursor, Goal};
use crate::room::RoomName;
use crate::room::party::Party;

/// How many heads one call may ask for.
const MAX_HEADS: usize = 1_000;
/// How many ids one call may name as members: the most that can be right, each of them twice.
const MAX_NAMED: usize = 2_000;

pub enum CreateRoom {
    Group(Party, RoomName),
    Pair(Party),
}

pub fn create_room(request: &wire::CreateRoomRequest) -> Result<CreateRoom, Invalid> {
    let creator = user(&request.creator_id)?;
    if request.member_ids.len() > MAX_NAMED {
        return Err(Invalid::Members("too many members are named"));
    }
    let others: Result<Vec<UserId>, _> = request.member_ids.iter().map(|id| id.parse()).collect();
    let others = others.map_err(|_| Invalid::Members("a member's id is 24 hex digits"))?;
    if request.is_group {
        let name = RoomName::parse(&request.name)?;
        Ok(CreateRoom::Group(Party::group(creator, &others)?, name))
    } else {
        Ok(CreateRoom::Pair(Party::pair(creator, &others)?))
    }
}

pub fn list_messages(request: &wire::ListMessagesRequest) -> Result<ListMessages, Error> {
    use wire::list_messages_request::Cursor as Side;
    let page = match &request.cursor {
        None => Page::Newest,
        Some(Side::Before(place)) => Page::Before(position(place)?),
        Some(Side::After(place)) => Page::After(position(place)?),
        Some(Side::Around(place)) => Page::Around(position(place)?),
    };
    Ok(ListMessages {
        user: user(&request.user_id)?,
        room: room(&request.room_id)?,
        limit: limit(request.limit, 50, 200)?,
        page,
    })
}

fn position(place: &wire::Position) -> Result<Position, Invalid> {
    use wire::position::At;
    match &place.at {
        Some(At::Seq(seq)) => Ok(Position::Seq(number(*seq)?)),
        Some(At::MessageId(id)) => message_id(id).map(Position::Message),
        Some(At::TimeMs(time)) => Ok(Position::TimeMs(*time)),
        None => Err(Invalid::Cursor("the position is empty")),
    }
}

pub fn user(id: &str) -> Result<UserId, Invalid> {
    id.parse().map_err(|_| Invalid::UserId)
}

/// A room whose id is not an id is a room that does not exist.
pub fn room(id: &str) -> Result<RoomId, Error> {
    id.parse().map_err(|_| Error::RoomNotFound)
}

/// Each room once; ids that are none are left out like those of no room.
pub fn rooms(ids: &[String]) -> Result<Vec<RoomId>, Invalid> {
    if ids.len() > MAX_HEADS {
        return Err(Invalid::Limit("at most 1000 rooms at once"));
    }
    let rooms: HashSet<RoomId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    Ok(rooms.into_iter().collect())
}

pub fn after_user(id: &str) -> Result<Option<UserId>, Invalid> {
    if id.is_empty() {
        return Ok(None);
    }
    id.parse()
        .map(Some)
        .map_err(|_| Invalid::Cursor("a user id is 24 hex digits"))
}

pub fn cursor(cursor: wire::Cursor) -> Result<Cursor, Invalid> {
    match cursor {
        wire::Cursor::Delivered => Ok(Cursor::Delivered),
        wire::Cursor::Read => Ok(Cursor::Read),
        wire::Cursor::Unspecified => Err(Invalid::Cursor("which cursor is not said")),
    }
}

pub fn goal(request: &wire::AdvanceCursorRequest) -> Result<Goal, Invalid> {
    if request.message_id.is_empty() {
        return number(request.seq).map(Goal::Seq);
    }
    message_id(&request.message_id).map(Goal::Message)
}

pub fn message_id(id: &str) -> Result<MessageId, Invalid> {
    id.parse()
        .map_err(|_| Invalid::Cursor("a message id is 24 hex digits"))
}

/// A `seq`; 0 is the place before the first message.
pub fn number(seq: i64) -> Result<i64, Invalid> {
    if seq >= 0 {
        Ok(seq)
    } else {
        Err(Invalid::Cursor("a seq is not negative"))
    }
}

pub fn revision(rev: i64) -> Result<i64, Invalid> {
    if rev >= 0 {
        Ok(rev)
    } else {
        Err(Invalid::Cursor("a revision is not negative"))
    }
}

/// A limit of 1 to `most`; 0 stands for `usual`.
pub fn limit<T>(limit: i32, usual: T, most: T) -> Result<T, Invalid>
where
    T: TryFrom<i32> + PartialOrd,
{
    if limit == 0 {
        return Ok(usual);
    }
    match T::try_from(limit) {
        Ok(limit_given) if limit > 0 && limit_given <= most => Ok(limit_given),
        _ => Err(Invalid::Limit("the limit is out of range")),
    }
}

#[cfg(test)]
mod tests;
