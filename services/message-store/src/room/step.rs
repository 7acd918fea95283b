//! One change of a room, from the intent to what the log says of it.

use confab_ids::{MessageId, UserId};

use super::{ImageUrl, Retention, RoomName};
use crate::member::Role;
use crate::message::Note;
use crate::message::note::NoteKind;

/// A change that somebody may make and means to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What its note is known by, however often it is told.
    pub id: MessageId,
    pub by: UserId,
    pub at_ms: i64,
    pub act: RoomAct,
}

/// What is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomAct {
    Rename(RoomName),
    SetImage(ImageUrl),
    SetRetention(Retention),
    /// These come in, who were not members.
    Add(Vec<UserId>),
    Remove(UserId),
    /// Somebody leaves; if they own the room, the heir owns it then.
    Leave(UserId, Option<UserId>),
    SetRole(UserId, Role),
    /// A member owns the room, and who did is an admin.
    HandOver(UserId),
}

impl Step {
    /// What the log says of it.
    #[must_use]
    pub fn note(&self) -> Note {
        let kept;
        let (kind, users, value) = match &self.act {
            RoomAct::Rename(name) => (NoteKind::Renamed, Vec::new(), name.as_str()),
            RoomAct::SetImage(url) => (NoteKind::ImageChanged, Vec::new(), url.as_str()),
            RoomAct::SetRetention(retention) => {
                kept = retention.to_string();
                (NoteKind::RetentionChanged, Vec::new(), kept.as_str())
            }
            RoomAct::Add(users) => (NoteKind::MembersAdded, users.clone(), ""),
            RoomAct::Remove(user) => (NoteKind::MemberRemoved, vec![*user], ""),
            RoomAct::Leave(user, heir) => {
                let users = [Some(*user), *heir].into_iter().flatten().collect();
                (NoteKind::MemberLeft, users, "")
            }
            RoomAct::SetRole(user, role) => (NoteKind::RoleChanged, vec![*user], role.word()),
            RoomAct::HandOver(user) => (NoteKind::OwnerChanged, vec![*user], Role::Owner.word()),
        };
        Note {
            kind,
            users,
            value: value.to_owned(),
        }
    }
}
