//! Changes of a room as native clients hear of them, besides the message that tells them.

use confab_proto::message::{Message, RoomNote};
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::words::{AnyId, MemberRole, Membership};

use super::RetentionView;

/// Which event it is.
pub enum RoomChangeView<'a> {
    /// `room:updated`
    Updated(UpdatedView<'a>),
    /// `room:member`
    Member(MemberChangeView<'a>),
}

/// What is new about the room itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoomUpdate)]
pub struct UpdatedView<'a> {
    #[schema(value_type = AnyId)]
    pub room_id: &'a str,
    /// Who changed it.
    #[schema(value_type = AnyId)]
    pub by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RetentionView)]
    pub retention: Option<RetentionView>,
}

/// Who came, went, or has another role.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MemberChange)]
pub struct MemberChangeView<'a> {
    #[schema(value_type = AnyId)]
    pub room_id: &'a str,
    /// Who did it.
    #[schema(value_type = AnyId)]
    pub by: &'a str,
    #[schema(value_type = Vec<AnyId>)]
    pub user_ids: &'a [String],
    /// `added`, `removed`, `left` or `role`.
    #[schema(value_type = Membership)]
    pub change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = MemberRole)]
    pub role: Option<&'a str>,
    /// Who owns the room now, if its owner left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AnyId)]
    pub owner_id: Option<&'a str>,
}

impl<'a> RoomChangeView<'a> {
    /// What a message of the system tells.
    pub fn new(message: &'a Message, note: &'a RoomNote) -> Self {
        let (room_id, by) = (message.room_id.as_str(), message.from.as_str());
        let value = Some(note.value.as_str());
        let member = |change, users, role, owner_id| {
            Self::Member(MemberChangeView {
                room_id,
                by,
                user_ids: users,
                change,
                role,
                owner_id,
            })
        };
        let all = note.user_ids.as_slice();
        let updated = |name, image_url, retention| {
            Self::Updated(UpdatedView {
                room_id,
                by,
                name,
                image_url,
                retention,
            })
        };
        match note.kind.as_str() {
            "members_added" => member("added", all, None, None),
            "member_removed" => member("removed", all, None, None),
            "member_left" => {
                let (left, heir) = all.split_at(all.len().min(1));
                member("left", left, None, heir.first().map(String::as_str))
            }
            "role_changed" | "owner_changed" => member("role", all, value, None),
            "renamed" => updated(value, None, None),
            "image_changed" => updated(None, value, None),
            "retention_changed" => updated(None, None, RetentionView::told(&note.value)),
            _ => updated(None, None, None),
        }
    }
}
