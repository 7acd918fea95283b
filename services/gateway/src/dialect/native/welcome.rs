//! What native clients are told of their connection itself.

use confab_proto::message::Room;
use serde::Serialize;
use utoipa::ToSchema;

use super::{RoomView, UserView};
use crate::contract::words::AnyId;
use crate::dialect::Welcome;

/// The socket is ready.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadyView<'a> {
    #[schema(required)]
    user: Option<UserView<'a>>,
    rooms: Vec<RoomView<'a>>,
    total_unread: i64,
}

impl<'a> From<&'a Welcome<'a>> for ReadyView<'a> {
    /// Each room up to where the list was read: what comes after that, or after the client's own cursor,
    /// comes as an event.
    fn from(welcome: &'a Welcome<'a>) -> Self {
        let view = |room: &'a Room| {
            let mut view = RoomView::new(room, welcome.senders);
            let id = room.id.parse();
            view.resync = id.is_ok_and(|id| welcome.resync.contains(&id));
            view
        };
        Self {
            user: welcome.user.map(UserView::from),
            rooms: welcome.rooms.iter().map(view).collect(),
            total_unread: welcome.total_unread,
        }
    }
}

/// The session is over.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevokedView<'a> {
    #[schema(value_type = AnyId)]
    pub session_id: &'a str,
}

/// The token has expired.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpiredView {
    pub closes_in_ms: u64,
}

/// The gateway leaves.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DrainingView {
    pub reconnect_in_ms: u64,
}
