//! What callers are answered of messages, from nouns to the wire.

use confab_ids::{MessageId, RoomId, UserId};
use confab_proto::message as wire;

use super::{head, texts};
use crate::log::changes::{Changes, Now};
use crate::message::list::Messages;
use crate::message::preview::Previews;
use crate::message::send::Sent;
use crate::message::update::Updated;
use crate::message::{Attachment, Edit, Message, Note, Preview, Reaction};

/// How many of those who reacted are named.
const NAMED: usize = 100;

/// A message as it is now.
pub fn message(message: Message, previews: &Previews) -> wire::Message {
    let rev = message.rev();
    message_at(message, rev, previews)
}

/// A message as it is now, where it stands in the log.
pub fn message_at(message: Message, rev: i64, previews: &Previews) -> wire::Message {
    let content = message.content().to_owned();
    let deleted = message.is_deleted();
    let reply_to = message.body.reply_to;
    let Message { body, state, .. } = message;
    let mentions = state.mentions.unwrap_or(body.mentions);
    wire::Message {
        id: message.id.to_string(),
        room_id: message.room.to_string(),
        seq: message.seq,
        rev,
        from: message.from.to_string(),
        r#type: body.kind.word().to_owned(),
        content,
        client_message_id: message.client_message_id,
        created_at_ms: message.created_at_ms,
        appended_rev: message.appended_rev,
        attachments: if deleted {
            Vec::new()
        } else {
            body.attachments.into_iter().map(attachment).collect()
        },
        reply_to: reply_to
            .map(|parent| previews.get(&parent).map_or_else(|| gone(parent), preview)),
        thread: state.thread.map(|thread| wire::Thread {
            count: thread.count,
            last_reply_at_ms: thread.last_reply_at_ms,
            last_reply_id: thread.last_reply.to_string(),
        }),
        mention_ids: if deleted {
            Vec::new()
        } else {
            texts(&mentions)
        },
        reactions: state.reactions.iter().map(reaction).collect(),
        edited_at_ms: state.edited_at_ms,
        deleted_at_ms: state.deleted_at_ms,
        pinned_at_ms: state.pinned_at_ms,
        pinned_by: state
            .pinned_by
            .map(|user| user.to_string())
            .unwrap_or_default(),
        note: body.note.as_ref().map(note),
    }
}

fn attachment(attachment: Attachment) -> wire::Attachment {
    wire::Attachment {
        media_id: attachment
            .media
            .map(|id| id.to_string())
            .unwrap_or_default(),
        url: attachment.url,
        mime_type: attachment.mime_type,
        name: attachment.name,
        size_bytes: attachment.size_bytes,
        width: attachment.width,
        height: attachment.height,
    }
}

fn preview(Preview { message, content }: &Preview) -> wire::ReplyPreview {
    wire::ReplyPreview {
        message_id: message.id.to_string(),
        seq: message.seq,
        from: message.from.to_string(),
        r#type: message.body.kind.word().to_owned(),
        content: content.clone(),
        deleted: message.is_deleted(),
    }
}

/// What is shown of a message that its room keeps no longer.
fn gone(message: MessageId) -> wire::ReplyPreview {
    wire::ReplyPreview {
        message_id: message.to_string(),
        deleted: true,
        ..wire::ReplyPreview::default()
    }
}

fn reaction(Reaction { emoji, users }: &Reaction) -> wire::Reaction {
    wire::Reaction {
        emoji: emoji.as_str().to_owned(),
        count: i32::try_from(users.len()).unwrap_or(i32::MAX),
        user_ids: users.iter().take(NAMED).map(ToString::to_string).collect(),
    }
}

fn note(note: &Note) -> wire::RoomNote {
    wire::RoomNote {
        kind: note.kind.word().to_owned(),
        user_ids: texts(&note.users),
        value: note.value.clone(),
    }
}

pub fn sent(sent: Sent, previews: &Previews) -> wire::SendMessageResponse {
    wire::SendMessageResponse {
        message: Some(message(sent.message, previews)),
        repeated: sent.repeated,
        further: sent
            .parent
            .map(|updated| change(updated, previews))
            .into_iter()
            .collect(),
    }
}

pub fn messages(room: RoomId, page: Messages, previews: &Previews) -> wire::ListMessagesResponse {
    let messages = page.messages.into_iter();
    wire::ListMessagesResponse {
        has_more: page.next_seq.is_some(),
        next_seq: page.next_seq.unwrap_or_default(),
        previous_seq: page.previous_seq.unwrap_or_default(),
        messages: messages.map(|one| message(one, previews)).collect(),
        head: Some(head(room, page.head)),
    }
}

pub fn changes(room: RoomId, changes: Changes, previews: &Previews) -> wire::ListChangesResponse {
    let of = |changed: crate::log::changes::Changed| match changed.what {
        Now::Message(message) => change(
            Updated {
                rev: changed.rev,
                message,
            },
            previews,
        ),
        Now::Hidden { user, message } => hidden(changed.rev, (user, message), room),
    };
    wire::ListChangesResponse {
        changes: changes.changes.into_iter().map(of).collect(),
        head: Some(head(room, changes.head)),
        complete_rev: changes.complete_rev,
        trimmed_rev: changes.trimmed_rev,
    }
}

/// A revision that changed a message.
pub fn change(updated: Updated, previews: &Previews) -> wire::Change {
    let Updated { rev, message } = updated;
    wire::Change {
        rev,
        what: Some(wire::change::What::Message(message_at(
            message, rev, previews,
        ))),
    }
}

/// A revision that hid a message.
pub fn hidden(rev: i64, (user, message): (UserId, MessageId), room: RoomId) -> wire::Change {
    wire::Change {
        rev,
        what: Some(wire::change::What::Hidden(wire::MessageHidden {
            user_id: user.to_string(),
            message_id: message.to_string(),
            room_id: room.to_string(),
        })),
    }
}

/// What came of changing a message.
pub fn changed(
    (updated, now): (Option<Updated>, Message),
    previews: &Previews,
) -> wire::ChangeMessageResponse {
    wire::ChangeMessageResponse {
        change: updated.map(|updated| change(updated, previews)),
        message: Some(message(now, previews)),
        further: Vec::new(),
    }
}

pub fn edits(edits: Vec<Edit>) -> wire::ListEditsResponse {
    let edit = |edit: Edit| wire::Edit {
        content: edit.content,
        since_ms: edit.since_ms,
        edited_by: edit.by.to_string(),
    };
    wire::ListEditsResponse {
        edits: edits.into_iter().map(edit).collect(),
    }
}
