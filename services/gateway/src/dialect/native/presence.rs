//! What native clients see of each other besides messages: presence, typing, cursors.

use confab_ids::UserId;
use confab_proto::event::CursorAdvanced;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::words::{AnyId, Time};
use crate::fanout::Hidden;

/// Whether a user is online.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Presence)]
pub struct PresenceView {
    #[schema(value_type = AnyId)]
    pub user_id: String,
    pub online: bool,
    #[schema(required, value_type = Option<Time>)]
    pub last_seen: Option<String>,
}

impl PresenceView {
    /// Of somebody of whom nothing may be seen.
    pub fn of_nobody(user: UserId) -> Self {
        Self {
            user_id: user.to_string(),
            online: false,
            last_seen: None,
        }
    }

    /// Without what may not be seen.
    pub fn without(self, user: UserId, hidden: Option<Hidden>) -> Self {
        match hidden {
            None => self,
            Some(Hidden::LastSeen) => Self {
                last_seen: None,
                ..self
            },
            Some(Hidden::All) => Self::of_nobody(user),
        }
    }
}

/// A member began or stopped typing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Typing)]
pub struct TypingView<'a> {
    #[schema(value_type = AnyId)]
    pub room_id: &'a str,
    #[schema(value_type = AnyId)]
    pub user_id: &'a str,
    pub is_typing: bool,
}

/// How far a member has received and read.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Cursors)]
pub struct CursorView<'a> {
    #[schema(value_type = AnyId)]
    pub room_id: &'a str,
    #[schema(value_type = AnyId)]
    pub user_id: &'a str,
    pub delivered_seq: i64,
    pub read_seq: i64,
}

impl<'a> From<&'a CursorAdvanced> for CursorView<'a> {
    fn from(cursor: &'a CursorAdvanced) -> Self {
        Self {
            room_id: &cursor.room_id,
            user_id: &cursor.user_id,
            delivered_seq: cursor.delivered_seq,
            read_seq: cursor.read_seq,
        }
    }
}
