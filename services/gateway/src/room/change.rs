//! Changing a room and who is in it, and telling everybody whom it concerns.

use confab_bus::Topic;
use confab_chassis::trace;
use confab_ids::{RoomId, UserId};
use confab_proto::event::event::Body;
use confab_proto::event::{Event, MessageAppended, RoomCreated};
use confab_proto::message::{
    AddMembersRequest, ChangeRoomResponse, MuteRoomRequest, RemoveMemberRequest, Retention, Role,
    Room, SetMemberRoleRequest, UpdateRoomRequest,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::contract::object::object;
use crate::contract::words::{AnyId, Time};
use crate::dialect::native::FOR_EVER;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::message::announce::announce;
use crate::message::send::Sent;
use crate::principal::Principal;
use crate::profile;

/// How many members one request may add.
const MEMBERS: usize = 1_000;

/// What a client says to change a room's name, its image or what it keeps.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct UpdateRoom {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub room_id: RoomId,
    /// At most 100 characters.
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// http or https; empty for none.
    #[schema(max_length = 2048)]
    pub image_url: Option<String>,
    /// What it keeps.
    #[serde(default, deserialize_with = "object")]
    pub retention: Option<Keep>,
}

/// What a room keeps of its messages; 0 is all.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(expecting = "an object")]
#[schema(as = Retention)]
pub struct Keep {
    /// Those of so many days.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 36_500)]
    pub days: i32,
    /// So many.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub messages: i64,
}

/// What a client says to add members.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct AddMembers {
    /// To which room.
    #[schema(value_type = AnyId)]
    pub room_id: RoomId,
    /// 1 to 1,000.
    #[schema(value_type = Vec<AnyId>, min_items = 1, max_items = 1000)]
    pub user_ids: Vec<UserId>,
}

/// What a client says to take a member out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct RemoveMember {
    /// Of which room.
    #[schema(value_type = AnyId)]
    pub room_id: RoomId,
    /// Whom.
    #[schema(value_type = AnyId)]
    pub user_id: UserId,
}

/// What a client says to leave a room.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct LeaveRoom {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub room_id: RoomId,
}

/// What a client says to give a member another role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct SetRole {
    /// In which room.
    #[schema(value_type = AnyId)]
    pub room_id: RoomId,
    /// To whom.
    #[schema(value_type = AnyId)]
    pub user_id: UserId,
    /// Which one.
    pub role: NewRole,
}

/// A role that can be given.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewRole {
    /// Owns the room; who gives this is an admin then.
    Owner,
    /// Leads it with the owner.
    Admin,
    /// Neither.
    Member,
}

/// What a client says to mute a room for itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct MuteRoom {
    /// Which one.
    #[schema(value_type = AnyId)]
    pub room_id: RoomId,
    /// Whether it is muted from now on.
    pub muted: bool,
    /// Until when, as RFC 3339; for ever if absent.
    #[schema(value_type = Option<Time>)]
    pub until: Option<String>,
}

/// Changes a room's name, its image, or both.
#[tracing::instrument(target = "confab", name = "room.update", skip_all)]
pub async fn update(
    gateway: &Gateway,
    principal: &Principal,
    command: UpdateRoom,
) -> Result<Option<Room>, Error> {
    let request = UpdateRoomRequest {
        user_id: principal.user.to_string(),
        room_id: command.room_id.to_string(),
        name: command.name,
        image_url: command.image_url,
        retention: command.retention.map(|keep| Retention {
            days: keep.days,
            messages: keep.messages,
        }),
    };
    let answer = gateway.clients.message_store.update_room(request).await?;
    Ok(tell(gateway, command.room_id, answer).await)
}

/// Adds members.
#[tracing::instrument(target = "confab", name = "room.add", skip_all)]
pub async fn add(
    gateway: &Gateway,
    principal: &Principal,
    command: AddMembers,
) -> Result<Option<Room>, Error> {
    if !(1..=MEMBERS).contains(&command.user_ids.len()) {
        return Err(Error::field("userIds", "must be 1 to 1000"));
    }
    let ids: Vec<String> = command.user_ids.iter().map(ToString::to_string).collect();
    let known = gateway
        .profiles
        .many(ids.iter().map(String::as_str))
        .await?;
    if ids.iter().any(|id| !known.contains_key(id)) {
        return Err(Error::UserNotFound);
    }
    let request = AddMembersRequest {
        user_id: principal.user.to_string(),
        room_id: command.room_id.to_string(),
        member_ids: ids,
    };
    let answer = gateway.clients.message_store.add_members(request).await?;
    Ok(tell(gateway, command.room_id, answer).await)
}

/// Takes a member out, or leaves.
#[tracing::instrument(target = "confab", name = "room.remove", skip_all)]
pub async fn remove(
    gateway: &Gateway,
    principal: &Principal,
    command: RemoveMember,
) -> Result<Option<Room>, Error> {
    let request = RemoveMemberRequest {
        user_id: principal.user.to_string(),
        room_id: command.room_id.to_string(),
        member_id: command.user_id.to_string(),
    };
    let answer = gateway.clients.message_store.remove_member(request).await?;
    Ok(tell(gateway, command.room_id, answer).await)
}

/// Leaves a room.
pub async fn leave(
    gateway: &Gateway,
    principal: &Principal,
    command: LeaveRoom,
) -> Result<Option<Room>, Error> {
    let command = RemoveMember {
        room_id: command.room_id,
        user_id: principal.user,
    };
    remove(gateway, principal, command).await
}

/// Gives a member another role.
#[tracing::instrument(target = "confab", name = "room.role", skip_all)]
pub async fn set_role(
    gateway: &Gateway,
    principal: &Principal,
    command: SetRole,
) -> Result<Option<Room>, Error> {
    let request = SetMemberRoleRequest {
        user_id: principal.user.to_string(),
        room_id: command.room_id.to_string(),
        member_id: command.user_id.to_string(),
        role: match command.role {
            NewRole::Owner => Role::Owner,
            NewRole::Admin => Role::Admin,
            NewRole::Member => Role::Member,
        }
        .into(),
    };
    let answer = gateway
        .clients
        .message_store
        .set_member_role(request)
        .await?;
    Ok(tell(gateway, command.room_id, answer).await)
}

/// Mutes a room for its caller, or no longer.
pub async fn mute(
    gateway: &Gateway,
    principal: &Principal,
    command: MuteRoom,
) -> Result<Option<Room>, Error> {
    let until = command.until.as_deref().map(humantime::parse_rfc3339);
    let until = until
        .transpose()
        .map_err(|_| Error::field("until", "must be a time like 2025-10-29T10:00:00Z"))?;
    let until_ms = match (command.muted, until) {
        (false, _) => 0,
        (true, None) => FOR_EVER,
        (true, Some(time)) => {
            let since_epoch = time
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap_or_default();
            i64::try_from(since_epoch.as_millis()).unwrap_or(FOR_EVER)
        }
    };
    let request = MuteRoomRequest {
        user_id: principal.user.to_string(),
        room_id: command.room_id.to_string(),
        until_ms,
    };
    Ok(gateway.clients.message_store.mute_room(request).await?.room)
}

/// Those who came in hear of the room, and the others of what its log says.
async fn tell(gateway: &Gateway, id: RoomId, answer: ChangeRoomResponse) -> Option<Room> {
    if let Some(room) = &answer.room {
        let room = Room {
            joined_rev: answer.joined_rev,
            ..as_seen_by_others(room)
        };
        for user in answer.added_ids.iter().filter_map(|id| id.parse().ok()) {
            welcome(gateway, user, &room).await;
        }
    }
    for note in answer.notes {
        let sender = gateway.profiles.one(&note.from).await.ok().flatten();
        let sent = Sent {
            room: id,
            appended: MessageAppended {
                sender: sender.map(|user| profile::sender(&user)),
                message: Some(note),
            },
            repeated: false,
            further: Vec::new(),
        };
        announce(gateway, sent).await;
    }
    answer.room
}

async fn welcome(gateway: &Gateway, user: UserId, room: &Room) {
    let event = Event {
        traceparent: trace::traceparent(),
        body: Some(Body::RoomCreated(RoomCreated {
            room: Some(room.clone()),
        })),
        ..Event::default()
    };
    gateway.announce(Topic::User(user), &event);
    gateway.people.enter(user, room).await;
}

/// A room without what is only the caller's.
fn as_seen_by_others(room: &Room) -> Room {
    let seq = room.head.as_ref().map_or(0, |head| head.seq);
    Room {
        role: Role::Member.into(),
        muted_until_ms: 0,
        read_seq: seq,
        delivered_seq: seq,
        unread: 0,
        ..room.clone()
    }
}
