//! Changes of a room as native clients hear of them, besides the message that tells them.

use confab_proto::message::{Message, RoomNote};
use serde::Serialize;

use super::RetentionView;

/// Which event it is.
pub enum RoomChangeView<'a> {
    /// `room:updated`
    Updated(UpdatedView<'a>),
    /// `room:member`
    Member(MemberChangeView<'a>),
}

/// What is new about the room itself.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdatedView<'a> {
    pub room_id: &'a str,
    /// Who changed it.
    pub by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<RetentionView>,
}

/// Who came, went, or has another role.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberChangeView<'a> {
    pub room_id: &'a str,
    /// Who did it.
    pub by: &'a str,
    pub user_ids: &'a [String],
    /// `added`, `removed`, `left` or `role`.
    pub change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'a str>,
    /// Who owns the room now, if its owner left.
    #[serde(skip_serializing_if = "Option::is_none")]
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
