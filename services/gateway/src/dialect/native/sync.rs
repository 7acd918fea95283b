//! What a client has missed, as native clients see it.

use confab_proto::message::change::What;
use serde::Serialize;
use utoipa::ToSchema;

use super::{HiddenView, MessageView};
use crate::room::sync::Page;

/// What changed in one room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoomChanges)]
pub struct SyncView<'a> {
    pub changes: Vec<ChangeView<'a>>,
    pub head: HeadView,
    /// From which revision to go on.
    pub cursor: i64,
    /// Whether that is all.
    pub complete: bool,
    /// The client is too far behind: it reads the history anew, and begins at the head.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub resync: bool,
}

/// Where a log ends.
#[derive(Serialize, ToSchema)]
#[schema(as = Head)]
pub struct HeadView {
    pub rev: i64,
    pub seq: i64,
}

/// One change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Change)]
pub enum ChangeView<'a> {
    Message(Box<MessageView<'a>>),
    Hidden(HiddenView<'a>),
}

impl<'a> From<&'a Page> for SyncView<'a> {
    fn from(page: &'a Page) -> Self {
        let changes = page.changes.iter().filter_map(|change| {
            Some(match change.what.as_ref()? {
                What::Message(message) => {
                    let sender = page.senders.get(&message.from);
                    ChangeView::Message(Box::new(MessageView::new(message, sender)))
                }
                What::Hidden(hidden) => ChangeView::Hidden(HiddenView::new(hidden, change.rev)),
            })
        });
        Self {
            changes: changes.collect(),
            head: HeadView {
                rev: page.head.rev,
                seq: page.head.seq,
            },
            cursor: page.complete_rev,
            complete: !page.resync && page.complete_rev >= page.head.rev,
            resync: page.resync,
        }
    }
}
