//! Changing a room, and having its log say so, whatever crashes.
//!
//! The intent is stored with the room first. Then it is carried out, its note is appended, and it is
//! taken off the room again. Each of these can be done twice without harm; so whoever finds an intent of
//! somebody else before their own, or left behind by a crash, carries it out as well, in the same order.

use std::sync::Arc;

use confab_ids::{MessageId, RoomId, UserId};

use super::step::{RoomAct, Step};
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::log::{Draft, What};
use crate::media::picture;
use crate::member::rules::{Wish, may};
use crate::member::{Member, Role};
use crate::message::{Body, ClientMessageId, Message, MessageType};

/// How many members a room may have: beyond that, even reading who they are is a burden.
const MOST_MEMBERS: usize = 100_000;

/// What came of it.
#[derive(Debug, Default)]
pub struct Changed {
    pub notes: Vec<Message>,
    pub added: Vec<UserId>,
    /// What those who were added have.
    pub joined_rev: i64,
}

/// A group with one of its members, who may do as they wish.
///
/// # Errors
/// If there is no such room, or the user is not a member of it; if it is a room of two, or they may not.
pub async fn group(
    context: &Context,
    (user, room): (UserId, RoomId),
    wish: Option<Wish>,
) -> Result<Member, Error> {
    let (member, found) = tokio::try_join!(
        context.store.find_member(room, user),
        context.store.find_room(room),
    )?;
    let (member, found) = member.zip(found).ok_or(Error::RoomNotFound)?;
    if !found.is_group {
        return Err(Error::NotAllowed("a room of two cannot be changed"));
    }
    if wish.is_some_and(|wish| !may(member.role, wish)) {
        return Err(Error::NotAllowed(
            "your role in this room does not allow it",
        ));
    }
    Ok(member)
}

/// Gives a group another name, another image, another retention, or several of these.
///
/// # Errors
/// As [`group()`], if the image is an upload that the user may not show, or if the store fails.
pub async fn update(
    context: &Context,
    whose: (UserId, RoomId),
    acts: Vec<RoomAct>,
) -> Result<Changed, Error> {
    for act in &acts {
        let wish = match act {
            RoomAct::SetRetention(_) => Wish::Retain,
            _ => Wish::Update,
        };
        group(context, whose, Some(wish)).await?;
    }
    let mut replaced = None;
    for act in &acts {
        if let RoomAct::SetImage(url) = act {
            replaced = picture::check(context, whose, url).await?;
        }
    }
    let mut changed = Changed::default();
    for act in acts {
        changed.notes.extend(take(context, whose, act).await?.notes);
    }
    picture::release(context, replaced).await?;
    Ok(changed)
}

/// Adds members; none if all are members already.
///
/// # Errors
/// As [`group()`]; if the room is full; or if the store fails.
pub async fn add(
    context: &Context,
    whose: (UserId, RoomId),
    users: &[UserId],
) -> Result<Changed, Error> {
    group(context, whose, Some(Wish::Add)).await?;
    let (_, room) = whose;
    let known = context.store.members_among(room, users).await?;
    let new: Vec<UserId> = users
        .iter()
        .filter(|user| !known.contains(user))
        .copied()
        .collect();
    if new.is_empty() {
        return Ok(Changed::default());
    }
    if context.store.count_members(room).await? + new.len() > MOST_MEMBERS {
        return Err(Error::RoomFull);
    }
    let mut changed = take(context, whose, RoomAct::Add(new.clone())).await?;
    changed.added = new;
    Ok(changed)
}

/// Takes a member out, or oneself.
///
/// # Errors
/// As [`group()`]; if there is no such member; or if the store fails.
pub async fn remove(
    context: &Context,
    whose: (UserId, RoomId),
    target: UserId,
) -> Result<Changed, Error> {
    let (user, room) = whose;
    let member = group(context, whose, None).await?;
    if target == user {
        let heir = match member.role {
            Role::Owner => context.store.heir(room, user).await?,
            Role::Admin | Role::Member => None,
        };
        return take(context, whose, RoomAct::Leave(user, heir)).await;
    }
    let role = role_of(context, room, target).await?;
    if !may(member.role, Wish::Remove(role)) {
        return Err(Error::NotAllowed(
            "your role in this room does not allow it",
        ));
    }
    take(context, whose, RoomAct::Remove(target)).await
}

/// Gives a member another role; nothing if they have it.
///
/// # Errors
/// As [`group()`]; if there is no such member; or if the store fails.
pub async fn set_role(
    context: &Context,
    whose: (UserId, RoomId),
    target: UserId,
    role: Role,
) -> Result<Changed, Error> {
    let (user, room) = whose;
    let member = group(context, whose, None).await?;
    let before = role_of(context, room, target).await?;
    if !may(member.role, Wish::SetRole(before, role)) {
        return Err(Error::NotAllowed(
            "your role in this room does not allow it",
        ));
    }
    if before == role {
        return Ok(Changed::default());
    }
    if target == user {
        return Err(Error::NotAllowed("an owner hands the room over, or leaves"));
    }
    let act = match role {
        Role::Owner => RoomAct::HandOver(target),
        Role::Admin | Role::Member => RoomAct::SetRole(target, role),
    };
    take(context, whose, act).await
}

async fn role_of(context: &Context, room: RoomId, user: UserId) -> Result<Role, Error> {
    let member = context.store.find_member(room, user).await?;
    Ok(member.ok_or(Error::MemberNotFound)?.role)
}

/// Stores the intent, and carries out what is to be carried out up to it.
async fn take(
    context: &Context,
    (user, room): (UserId, RoomId),
    act: RoomAct,
) -> Result<Changed, Error> {
    let step = Step {
        id: MessageId::generate(),
        by: user,
        at_ms: now_ms(),
        act,
    };
    let pending = context
        .store
        .push_step(room, &step)
        .await?
        .ok_or(Error::RoomNotFound)?;
    let mut changed = Changed::default();
    for step in pending {
        let (note, joined_rev) = carry_out(context, room, step).await?;
        changed.notes.push(note);
        changed.joined_rev = joined_rev;
    }
    Ok(changed)
}

/// Carries out one intent; answers its note, and what those have who come in by it.
///
/// # Errors
/// If the store fails. It stays to be carried out then.
pub async fn carry_out(
    context: &Context,
    room: RoomId,
    step: Step,
) -> Result<(Message, i64), Error> {
    let head = context
        .heads
        .exact_one(room)
        .await?
        .ok_or(Error::RoomNotFound)?;
    context.store.apply_step(room, &step, head).await?;
    for user in step.note().users {
        context.memberships.forget(room, user);
    }
    let draft = Draft {
        room,
        from: step.by,
        client_message_id: ClientMessageId::own("note", &step.id.to_string()),
        what: What::Message(Body {
            kind: MessageType::System,
            note: Some(step.note()),
            ..Body::default()
        }),
    };
    let appended = context.log.append(draft).await?;
    context.store.drop_step(room, step.id).await?;
    let record = Arc::unwrap_or_clone(appended.record);
    let note = Message::new(record).ok_or(Error::MessageNotFound)?;
    Ok((note, head.rev))
}
