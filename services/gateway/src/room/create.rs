//! Making a room, and telling its members.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_fault::Fault;
use confab_ids::{RoomId, UserId};
use confab_proto::event::event::Body;
use confab_proto::event::{Event, RoomCreated};
use confab_proto::message::{CreateRoomRequest, CreateRoomResponse, Room};
use serde::Deserialize;
use utoipa::ToSchema;

use super::enter::enter;
use crate::block;
use crate::contract::words::AnyId;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::principal::Principal;

/// The members that one request may name; message-store allows 999 others.
const MEMBERS: usize = 1_000;

/// What a client says to make a room.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct CreateRoom {
    /// How a group is called.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// Whether it is a group, or else the one room of two people.
    #[serde(default)]
    pub is_group: bool,
    /// The others.
    #[schema(value_type = Vec<AnyId>, max_items = 1000)]
    pub member_ids: Vec<String>,
}

/// A room, and whether it is new.
pub struct Created {
    /// The room as its creator sees it.
    pub room: Room,
    /// False if the room of these two was there already.
    pub new: bool,
}

/// Makes a group, or gets or makes the one room of two people.
#[tracing::instrument(target = "confab", name = "room.create", skip_all)]
pub async fn create(
    gateway: &Gateway,
    principal: &Principal,
    command: CreateRoom,
) -> Result<Created, Error> {
    if command.member_ids.len() > MEMBERS {
        return Err(Error::field("memberIds", "must be at most 1000"));
    }
    let mut members = Vec::with_capacity(command.member_ids.len());
    for id in &command.member_ids {
        let id: UserId = id
            .parse()
            .map_err(|_| Error::field("memberIds", "must be ids of 24 hex digits"))?;
        members.push(id.to_string());
    }
    let known = gateway
        .profiles
        .many(members.iter().map(String::as_str))
        .await?;
    if members.iter().any(|id| !known.contains_key(id)) {
        return Err(Error::UserNotFound);
    }
    if let ([other], false) = (&command.member_ids[..], command.is_group) {
        let other = other.parse().map_err(|_| Error::UserNotFound)?;
        block::check::pair(gateway, principal.user, other).await?;
    }
    let request = CreateRoomRequest {
        creator_id: principal.user.to_string(),
        name: command.name.unwrap_or_default(),
        is_group: command.is_group,
        member_ids: members,
    };
    // Two have one room however often it is asked for; each group is another one.
    let message_store = &gateway.clients.message_store;
    let answer = if request.is_group {
        message_store.create_group(request).await?
    } else {
        message_store.open_pair(request).await?
    };
    let CreateRoomResponse {
        room: Some(room),
        created,
        member_ids,
    } = answer
    else {
        let kind = confab_fault::Kind::Internal;
        return Err(Fault::new(kind, "INTERNAL", "something went wrong on our side").into());
    };
    if created {
        tell(gateway, &room, &member_ids).await;
    }
    Ok(Created { room, new: created })
}

/// The one room of the caller and another user, made if it is not there.
pub async fn pair(
    gateway: &Gateway,
    principal: &Principal,
    other: UserId,
) -> Result<RoomId, Error> {
    let command = CreateRoom {
        name: None,
        is_group: false,
        member_ids: vec![other.to_string()],
    };
    let created = create(gateway, principal, command).await?;
    created.room.id.parse().map_err(|_| Error::RoomNotFound)
}

/// The members' sockets everywhere enter the room. The creator's sockets here have done so when this
/// returns; a second telling, over the bus, changes nothing.
async fn tell(gateway: &Gateway, room: &Room, members: &[String]) {
    for member in members.iter().filter_map(|id| id.parse::<UserId>().ok()) {
        let event = Event {
            traceparent: trace::traceparent(),
            body: Some(Body::RoomCreated(RoomCreated {
                room: Some(seen_by(room, member)),
            })),
            ..Event::default()
        };
        gateway.announce(Topic::User(member), &event);
    }
    for member in members.iter().filter_map(|id| id.parse::<UserId>().ok()) {
        enter(gateway, member, &seen_by(room, member)).await;
    }
}

/// A new room as each member sees it: nothing read, and in a room of two the other one first.
fn seen_by(room: &Room, member: UserId) -> Room {
    let mut room = room.clone();
    if !room.is_group {
        let member = member.to_string();
        room.member_ids.sort_by_key(|id| *id == member);
    }
    room
}
