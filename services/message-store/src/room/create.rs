//! Creates a room.
//!
//! The members are stored first, the room last: a room is there when its document is, whole, and for
//! nobody before. Wherever a creation breaks off, nothing of it can be seen, and nothing is in the way
//! of the next:
//!
//! - before or amid the members: some members of a room that is not there;
//! - before the room: all members of a room that is not there;
//! - after the room: a whole room, of which the caller was not told.
//!
//! A room of two has the id that follows from the two (`pair`), and so have all attempts to create it,
//! at any time, on any replica, side by side: each finds the members that others have stored and adds
//! those that are missing; of the room documents the first one stays. A group gets a new id each time;
//! what a broken creation leaves of it is never looked at.

use std::time::Duration;

use confab_ids::{RoomId, UserId};

use super::pair::room_of;
use super::party::Party;
use super::see::{see, views};
use super::{FIRST_MEMBERS, ImageUrl, Retention, Room, RoomName, RoomView};
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::log::{Head, Trimmed};
use crate::member::{Member, Role};
use crate::store::{Inserted, chain};

/// How often a room of two is looked for that another has just stored: a majority may take a moment.
const LOOKS: u32 = 20;

/// A room with all its members.
pub struct Created {
    pub view: RoomView,
    /// Whether it is new.
    pub created: bool,
    pub members: Vec<UserId>,
}

/// Creates a group.
///
/// # Errors
/// If the store fails.
pub async fn create_group(
    context: &Context,
    party: Party,
    name: RoomName,
) -> Result<Created, Error> {
    let room = new_room(RoomId::generate(), &party, name, IS_GROUP);
    let members = members_of(&room, &party);
    context.store.insert_members(&members).await?;
    context.store.insert_room(&room).await?;
    // It is there: whoever is told that it is not makes another one.
    let created = created(context, room, members).await;
    created.map_err(|error| {
        tracing::warn!(
            error = chain(&error),
            "a group was made that nobody is told of"
        );
        Error::InDoubt
    })
}

/// Gets the room of two, and creates it if it is not there.
///
/// # Errors
/// If the store fails.
pub async fn open_pair(context: &Context, party: Party) -> Result<Created, Error> {
    let (creator, id) = (party.creator(), room_of(party.users()[0], party.users()[1]));
    if let Some(found) = existing(context, creator, id, &party).await? {
        return Ok(found);
    }
    let room = new_room(id, &party, RoomName::default(), !IS_GROUP);
    let members = members_of(&room, &party);
    context.store.insert_members(&members).await?;
    if context.store.insert_room(&room).await? == Inserted::New {
        return created(context, room, members).await;
    }
    for _ in 0..LOOKS {
        if let Some(found) = existing(context, creator, id, &party).await? {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Error::LogContended)
}

async fn existing(
    context: &Context,
    user: UserId,
    id: RoomId,
    party: &Party,
) -> Result<Option<Created>, Error> {
    match see(context, user, id).await {
        Ok(view) => Ok(Some(Created {
            view,
            created: false,
            members: party.users().to_vec(),
        })),
        Err(Error::RoomNotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn created(context: &Context, room: Room, members: Vec<Member>) -> Result<Created, Error> {
    let users = members.iter().map(|member| member.user).collect();
    let creator = members
        .into_iter()
        .take(1)
        .map(|member| (room.clone(), member))
        .collect();
    let view = views(context, creator)
        .await?
        .pop()
        .ok_or(Error::RoomNotFound)?;
    Ok(Created {
        view,
        created: true,
        members: users,
    })
}

const IS_GROUP: bool = true;

fn new_room(id: RoomId, party: &Party, name: RoomName, is_group: bool) -> Room {
    let now = now_ms();
    Room {
        retention: Retention::default(),
        trimmed: Trimmed::default(),
        id,
        name,
        is_group,
        created_by: party.creator(),
        created_at_ms: now,
        member_count: i32::try_from(party.users().len()).expect("a party has at most 1,000"),
        first_members: party.users().iter().copied().take(FIRST_MEMBERS).collect(),
        image: ImageUrl::default(),
        head_hint: Head::default(),
        active_hint_ms: now,
    }
}

fn members_of(room: &Room, party: &Party) -> Vec<Member> {
    let role = |user: UserId| {
        if room.is_group && user == party.creator() {
            Role::Owner
        } else {
            Role::Member
        }
    };
    let member = |user: &UserId| Member {
        room: room.id,
        user: *user,
        role: role(*user),
        joined_at_ms: room.created_at_ms,
        joined_rev: 0,
        read_seq: 0,
        delivered_seq: 0,
        muted_until_ms: 0,
    };
    party.users().iter().map(member).collect()
}
