//! The documents of the collection `messages`: records of logs, those of messages with the state that
//! their changes made of them.

use confab_ids::{MediaId, MessageId, RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::raw::{RawArrayBuf, RawDocumentBuf, cstr};
use mongodb::bson::{DateTime, Document, doc, serialize_to_bson};
use serde::{Deserialize, Serialize};

use crate::log::{Head, Record, What};
use crate::message::change::Emoji;
use crate::message::note::NoteKind;
use crate::message::{
    Act, Attachment, Body, Change, Message, MessageType, Note, Reaction, State, Thread,
};

/// What the type of a change says.
const CHANGE: &str = "change";

/// A record as it is read.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordDocument {
    #[serde(rename = "_id")]
    id: ObjectId,
    room_id: ObjectId,
    seq: i64,
    rev: i64,
    from: ObjectId,
    #[serde(rename = "type")]
    kind: String,
    content: String,
    client_message_id: String,
    created_at: DateTime,
    #[serde(default)]
    attachments: Vec<AttachmentDocument>,
    reply_to: Option<ObjectId>,
    #[serde(default)]
    mentions: Vec<ObjectId>,
    note: Option<NoteDocument>,
    change: Option<ChangeDocument>,
    #[serde(default)]
    state: StateDocument,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct AttachmentDocument {
    #[serde(skip_serializing_if = "Option::is_none")]
    media_id: Option<ObjectId>,
    url: String,
    mime_type: String,
    name: String,
    size_bytes: i64,
    width: i32,
    height: i32,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteDocument {
    kind: String,
    user_ids: Vec<ObjectId>,
    value: String,
}

/// A change; its `act` is a word.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeDocument {
    target: ObjectId,
    act: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<ObjectId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reply: Option<ObjectId>,
}

/// What changes made of a message; absent while there are none.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
struct StateDocument {
    changed_rev: i64,
    content: Option<String>,
    mentions: Option<Vec<ObjectId>>,
    edited_at: Option<DateTime>,
    deleted_at: Option<DateTime>,
    pinned_at: Option<DateTime>,
    pinned_by: Option<ObjectId>,
    reactions: Vec<ReactionDocument>,
    thread: Option<ThreadDocument>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReactionDocument {
    emoji: String,
    user_ids: Vec<ObjectId>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct ThreadDocument {
    count: i32,
    last_reply: ObjectId,
    last_reply_at: DateTime,
}

/// A record as BSON, written by hand: it is the one document that is written all the time.
pub fn record_bytes(record: &Record) -> RawDocumentBuf {
    let mut bytes = RawDocumentBuf::new();
    bytes.append(cstr!("_id"), record.id.object_id());
    bytes.append(cstr!("roomId"), record.room.object_id());
    bytes.append(cstr!("seq"), record.seq);
    bytes.append(cstr!("rev"), record.rev);
    bytes.append(cstr!("from"), record.from.object_id());
    let (kind, content) = match &record.what {
        What::Message(body) => (body.kind.word(), body.content.as_str()),
        What::Change(_) => (CHANGE, ""),
    };
    bytes.append(cstr!("type"), kind);
    bytes.append(cstr!("content"), content);
    bytes.append(cstr!("clientMessageId"), record.client_message_id.as_str());
    bytes.append(cstr!("createdAt"), DateTime::from_millis(record.at_ms));
    match &record.what {
        What::Message(body) => append_body(&mut bytes, body),
        What::Change(change) => bytes.append(cstr!("change"), raw(&ChangeDocument::from(change))),
    }
    bytes
}

/// What most messages do not have is not written.
fn append_body(bytes: &mut RawDocumentBuf, body: &Body) {
    if !body.attachments.is_empty() {
        let mut array = RawArrayBuf::new();
        for attachment in &body.attachments {
            array.push(raw(&AttachmentDocument::from(attachment)));
        }
        bytes.append(cstr!("attachments"), array);
    }
    if let Some(parent) = body.reply_to {
        bytes.append(cstr!("replyTo"), parent.object_id());
    }
    if !body.mentions.is_empty() {
        let mut array = RawArrayBuf::new();
        body.mentions
            .iter()
            .for_each(|user| array.push(user.object_id()));
        bytes.append(cstr!("mentions"), array);
    }
    if let Some(note) = &body.note {
        bytes.append(cstr!("note"), raw(&NoteDocument::from(note)));
    }
}

fn raw(document: &impl Serialize) -> RawDocumentBuf {
    mongodb::bson::serialize_to_raw_document_buf(document).expect("our own types can be written")
}

impl RecordDocument {
    /// What it says of where its log ends.
    pub fn end(&self) -> Head {
        Head {
            rev: self.rev,
            seq: self.seq.max(0),
            at_ms: self.created_at.timestamp_millis(),
        }
    }

    pub const fn is_change(&self) -> bool {
        self.change.is_some()
    }

    /// The record, without what changed since.
    pub fn into_record(self) -> Record {
        let what = match &self.change {
            Some(change) => What::Change(change.noun()),
            None => What::Message(self.body()),
        };
        Record {
            id: MessageId::from(self.id),
            room: RoomId::from(self.room_id),
            from: UserId::from(self.from),
            rev: self.rev,
            seq: self.seq,
            at_ms: self.created_at.timestamp_millis(),
            client_message_id: self.client_message_id,
            what,
        }
    }

    /// The message as it is now; none if the record is a change.
    pub fn into_message(mut self) -> Option<Message> {
        let state = std::mem::take(&mut self.state);
        let mut message = Message::new(self.into_record())?;
        message.state = state.noun();
        Some(message)
    }

    fn body(&self) -> Body {
        Body {
            kind: MessageType::stored(&self.kind),
            content: self.content.clone(),
            attachments: self
                .attachments
                .iter()
                .map(AttachmentDocument::noun)
                .collect(),
            reply_to: self.reply_to.map(MessageId::from),
            mentions: self.mentions.iter().copied().map(UserId::from).collect(),
            note: self.note.as_ref().and_then(NoteDocument::noun),
        }
    }
}

impl From<&Attachment> for AttachmentDocument {
    fn from(attachment: &Attachment) -> Self {
        Self {
            media_id: attachment.media.map(MediaId::object_id),
            url: attachment.url.clone(),
            mime_type: attachment.mime_type.clone(),
            name: attachment.name.clone(),
            size_bytes: attachment.size_bytes,
            width: attachment.width,
            height: attachment.height,
        }
    }
}

impl AttachmentDocument {
    fn noun(&self) -> Attachment {
        Attachment {
            media: self.media_id.map(MediaId::from),
            url: self.url.clone(),
            mime_type: self.mime_type.clone(),
            name: self.name.clone(),
            size_bytes: self.size_bytes,
            width: self.width,
            height: self.height,
        }
    }
}

impl From<&Note> for NoteDocument {
    fn from(note: &Note) -> Self {
        Self {
            kind: note.kind.word().to_owned(),
            user_ids: note.users.iter().map(|user| user.object_id()).collect(),
            value: note.value.clone(),
        }
    }
}

impl NoteDocument {
    fn noun(&self) -> Option<Note> {
        Some(Note {
            kind: NoteKind::stored(&self.kind)?,
            users: self.user_ids.iter().copied().map(UserId::from).collect(),
            value: self.value.clone(),
        })
    }
}

impl From<&Change> for ChangeDocument {
    fn from(change: &Change) -> Self {
        let mut document = Self {
            target: change.target.object_id(),
            act: String::new(),
            content: None,
            mentions: Vec::new(),
            emoji: None,
            reply: None,
        };
        let word = match &change.act {
            Act::Edit { content, mentions } => {
                document.content = Some(content.clone());
                document.mentions = mentions.iter().map(|user| user.object_id()).collect();
                "edit"
            }
            Act::Delete => "delete",
            Act::Hide => "hide",
            Act::React(emoji) => {
                document.emoji = Some(emoji.as_str().to_owned());
                "react"
            }
            Act::Unreact(emoji) => {
                document.emoji = Some(emoji.as_str().to_owned());
                "unreact"
            }
            Act::Pin => "pin",
            Act::Unpin => "unpin",
            Act::Reply(reply) => {
                document.reply = Some(reply.object_id());
                "reply"
            }
        };
        word.clone_into(&mut document.act);
        document
    }
}

impl ChangeDocument {
    fn noun(&self) -> Change {
        let emoji = || Emoji::stored(self.emoji.clone().unwrap_or_default());
        let target = MessageId::from(self.target);
        let act = match self.act.as_str() {
            "edit" => Act::Edit {
                content: self.content.clone().unwrap_or_default(),
                mentions: self.mentions.iter().copied().map(UserId::from).collect(),
            },
            "delete" => Act::Delete,
            "react" => Act::React(emoji()),
            "unreact" => Act::Unreact(emoji()),
            "pin" => Act::Pin,
            "unpin" => Act::Unpin,
            "reply" => Act::Reply(self.reply.map_or(target, MessageId::from)),
            // Of what a newer version wrote, an older one knows only that it is there.
            _ => Act::Hide,
        };
        Change { target, act }
    }
}

/// The state of a message as it is stored, as the value of `state`.
pub fn state_document(state: &State) -> Document {
    let at = |ms: i64| (ms != 0).then(|| DateTime::from_millis(ms));
    let ids = |users: &[UserId]| users.iter().map(|user| user.object_id()).collect();
    let document = StateDocument {
        changed_rev: state.changed_rev,
        content: state.content.clone(),
        mentions: state.mentions.as_deref().map(ids),
        edited_at: at(state.edited_at_ms),
        deleted_at: at(state.deleted_at_ms),
        pinned_at: at(state.pinned_at_ms),
        pinned_by: state.pinned_by.map(UserId::object_id),
        reactions: state
            .reactions
            .iter()
            .map(|reaction| ReactionDocument {
                emoji: reaction.emoji.as_str().to_owned(),
                user_ids: ids(&reaction.users),
            })
            .collect(),
        thread: state.thread.map(|thread| ThreadDocument {
            count: thread.count,
            last_reply: thread.last_reply.object_id(),
            last_reply_at: DateTime::from_millis(thread.last_reply_at_ms),
        }),
    };
    let value = serialize_to_bson(&document).expect("our own types can be written");
    doc! { "state": value }
}

impl StateDocument {
    fn noun(self) -> State {
        let ms = |at: Option<DateTime>| at.map_or(0, DateTime::timestamp_millis);
        let users = |ids: Vec<ObjectId>| ids.into_iter().map(UserId::from).collect();
        State {
            changed_rev: self.changed_rev,
            content: self.content,
            mentions: self.mentions.map(users),
            edited_at_ms: ms(self.edited_at),
            deleted_at_ms: ms(self.deleted_at),
            pinned_at_ms: ms(self.pinned_at),
            pinned_by: self.pinned_by.map(UserId::from),
            reactions: self
                .reactions
                .into_iter()
                .map(|reaction| Reaction {
                    emoji: Emoji::stored(reaction.emoji),
                    users: users(reaction.user_ids),
                })
                .collect(),
            thread: self.thread.map(|thread| Thread {
                count: thread.count,
                last_reply: MessageId::from(thread.last_reply),
                last_reply_at_ms: thread.last_reply_at.timestamp_millis(),
            }),
        }
    }
}
