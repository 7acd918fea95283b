//! A conversation in social's words.

use std::collections::HashMap;
use std::sync::Arc;

use confab_proto::auth::User;
use confab_proto::event::Sender;
use confab_proto::message::{Member, Role, Room};
use serde::Serialize;

use super::{MessageView, SenderView};
use crate::dialect::native::rfc3339;
use crate::media::links::Links;

/// A conversation, as one who takes part sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConversationView<'a> {
    #[serde(rename = "_id")]
    id: &'a str,
    participants: Vec<SenderView<'a>>,
    is_group: bool,
    group_name: Option<&'a str>,
    group_image: Option<&'a str>,
    group_admins: Vec<&'a str>,
    last_message: Option<MessageView<'a>>,
    /// One's own count.
    unread_count: HashMap<&'a str, i64>,
    created_by: &'a str,
    created_at: Option<String>,
    updated_at: Option<String>,
}

/// What a conversation is made of besides the room.
pub struct Around<'a> {
    /// Oneself, and how much one has not read.
    pub unread: (&'a str, i64),
    /// The members, as far as they have been looked up.
    pub members: &'a [Member],
    /// Who they are.
    pub users: &'a HashMap<String, Arc<User>>,
    /// Who sent the last message.
    pub senders: &'a HashMap<String, Sender>,
}

impl<'a> ConversationView<'a> {
    /// A room with what has been looked up.
    pub fn new(room: &'a Room, around: &'a Around<'a>, links: &Links) -> Self {
        let given = |text: &'a str| Some(text).filter(|text| room.is_group && !text.is_empty());
        let ids: Vec<&str> = match around.members {
            [] => room.member_ids.iter().map(String::as_str).collect(),
            members => members.iter().map(|one| one.user_id.as_str()).collect(),
        };
        let leads = |one: &&Member| matches!(one.role(), Role::Owner | Role::Admin);
        let admins: Vec<&str> = match around.members {
            [] => vec![room.created_by.as_str()],
            members => members
                .iter()
                .filter(leads)
                .map(|one| one.user_id.as_str())
                .collect(),
        };
        let last = room.last_message.as_ref();
        let shown = last.filter(|one| one.note.is_none());
        Self {
            id: &room.id,
            participants: ids
                .iter()
                .filter_map(|id| around.users.get(*id))
                .map(|user| SenderView::new(user, links))
                .collect(),
            is_group: room.is_group,
            group_name: given(&room.name),
            group_image: given(&room.image_url),
            group_admins: if room.is_group { admins } else { Vec::new() },
            last_message: shown
                .map(|one| MessageView::new(one, around.senders.get(&one.from), links)),
            unread_count: HashMap::from([around.unread]),
            created_by: &room.created_by,
            created_at: rfc3339(room.created_at_ms),
            updated_at: rfc3339(last.map_or(room.created_at_ms, |one| one.created_at_ms)),
        }
    }
}
