//! The collection `messages`: the logs themselves.
//!
//! Every read is bounded at both ends, or begins so near to the log's end that it need not be: not
//! every engine stops at a `limit`. No `$or`: not every engine finds its index.

use confab_ids::{MessageId, RoomId, UserId};
use mongodb::bson::oid::ObjectId;
use mongodb::bson::raw::RawDocumentBuf;
use mongodb::bson::{DateTime, Document, doc};
use serde::Deserialize;

use super::records::{RecordDocument, record_bytes};
use super::{Store, StoreError};
use crate::log::{Head, Record};
use crate::message::Message;

/// All in one answer, whatever page was asked for.
const ANSWER: u32 = 1_000;

/// Records ready to be inserted.
pub struct Encoded(Vec<RawDocumentBuf>);

impl Encoded {
    pub fn of<'a>(records: impl Iterator<Item = &'a Record>) -> Self {
        Self(records.map(record_bytes).collect())
    }
}

/// How far an insert of several messages came.
#[derive(Debug)]
pub struct Written {
    /// So many of the first ones are durable.
    pub durable: usize,
    /// Why the others are not, or not for sure.
    pub stopped: Option<Stopped>,
}

/// Why an insert stopped.
#[derive(Debug)]
pub enum Stopped {
    /// A unique index refused the message after the durable ones; none after it was written.
    Duplicate,
    /// Nobody knows what became of the others: they may be written, now or later.
    Unknown(StoreError),
}

/// What a record says of the end of its log.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EndDocument {
    rev: i64,
    seq: i64,
    created_at: DateTime,
}

impl Store {
    /// Inserts messages one after the other and stops at the first that cannot be inserted, so that
    /// none is ever written before the one with the number below.
    pub async fn insert_in_order(&self, Encoded(documents): Encoded) -> Written {
        let all = documents.len();
        let collection = self.messages.clone_with_type::<RawDocumentBuf>();
        match self
            .within(collection.insert_many(documents).ordered(true))
            .await
        {
            Ok(_) => Written {
                durable: all,
                stopped: None,
            },
            Err(error) => match error.first_duplicate() {
                Some(index) => Written {
                    durable: index,
                    stopped: Some(Stopped::Duplicate),
                },
                None => Written {
                    durable: 0,
                    stopped: Some(Stopped::Unknown(error)),
                },
            },
        }
    }

    /// The records that one user made in a room under these ids.
    pub async fn find_sent(
        &self,
        room: RoomId,
        from: UserId,
        client_message_ids: Vec<String>,
    ) -> Result<Vec<Record>, StoreError> {
        let found = self
            .collect(doc! {
                "roomId": room.object_id(),
                "from": from.object_id(),
                "clientMessageId": { "$in": client_message_ids },
            })
            .await?;
        Ok(found.into_iter().map(RecordDocument::into_record).collect())
    }

    pub async fn find_message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        let found = self
            .within(self.messages.find_one(doc! { "_id": id.object_id() }))
            .await?;
        Ok(found.and_then(RecordDocument::into_message))
    }

    /// Those of the messages that there are, in no order.
    pub async fn find_messages(&self, ids: &[MessageId]) -> Result<Vec<Message>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<ObjectId> = ids.iter().map(|id| id.object_id()).collect();
        self.messages_where(doc! { "_id": { "$in": ids } }).await
    }

    /// The replies to a message with numbers above `after`, ascending, at most `limit`.
    pub async fn replies(
        &self,
        parent: MessageId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let filter = doc! { "replyTo": parent.object_id(), "seq": { "$gt": after } };
        let find = self.messages.find(filter).sort(doc! { "seq": 1 });
        let found: Vec<RecordDocument> = self
            .all(find.limit(i64::try_from(limit).unwrap_or(i64::MAX)))
            .await?;
        Ok(found
            .into_iter()
            .filter_map(RecordDocument::into_message)
            .collect())
    }

    /// The pinned messages of a room, in no order.
    pub async fn pinned(&self, room: RoomId) -> Result<Vec<Message>, StoreError> {
        let filter =
            doc! { "roomId": room.object_id(), "state.pinnedAt": { "$gt": DateTime::MIN } };
        self.messages_where(filter).await
    }

    /// What all messages from revision `from_rev` on say of the end, in no order. To be called only
    /// with a revision near the end.
    pub async fn log_ends(&self, room: RoomId, from_rev: i64) -> Result<Vec<Head>, StoreError> {
        self.ends(doc! { "roomId": room.object_id(), "rev": { "$gte": from_rev } })
            .await
    }

    /// All records from revision `from_rev` on, in no order: what each says of the end, and its message
    /// if it is one. To be called only with a revision near the end.
    pub async fn log_tail(
        &self,
        room: RoomId,
        from_rev: i64,
    ) -> Result<Vec<(Head, Option<Message>)>, StoreError> {
        let filter = doc! { "roomId": room.object_id(), "rev": { "$gte": from_rev } };
        let found = self.collect(filter).await?;
        let pair = |document: RecordDocument| (document.end(), document.into_message());
        Ok(found.into_iter().map(pair).collect())
    }

    /// The messages numbered `first` to `last`, in that order.
    pub async fn messages_by_seq(
        &self,
        room: RoomId,
        first: i64,
        last: i64,
    ) -> Result<Vec<Message>, StoreError> {
        let range = doc! { "$gte": first, "$lte": last };
        let mut page = self
            .messages_where(doc! { "roomId": room.object_id(), "seq": range })
            .await?;
        page.sort_unstable_by_key(|message| message.seq);
        Ok(page)
    }

    /// The records with the revisions `first` to `last`, in that order; those of messages with the
    /// messages as they are now.
    pub async fn records_by_rev(
        &self,
        room: RoomId,
        first: i64,
        last: i64,
    ) -> Result<Vec<Logged>, StoreError> {
        let range = doc! { "$gte": first, "$lte": last };
        let found = self
            .collect(doc! { "roomId": room.object_id(), "rev": range })
            .await?;
        let mut records: Vec<Logged> = found.into_iter().map(Logged::of).collect();
        records.sort_unstable_by_key(Logged::rev);
        Ok(records)
    }

    /// When the messages with these numbers were created.
    pub async fn times_of(&self, room: RoomId, seqs: &[i64]) -> Result<Vec<Head>, StoreError> {
        self.ends(doc! { "roomId": room.object_id(), "seq": { "$in": seqs } })
            .await
    }

    async fn ends(&self, filter: Document) -> Result<Vec<Head>, StoreError> {
        let collection = self.messages.clone_with_type::<EndDocument>();
        let fields = doc! { "_id": 0, "rev": 1, "seq": 1, "createdAt": 1 };
        let find = collection.find(filter).projection(fields);
        let found: Vec<EndDocument> = self.all(find.batch_size(ANSWER)).await?;
        let end = |document: EndDocument| Head {
            rev: document.rev,
            seq: document.seq.max(0),
            at_ms: document.created_at.timestamp_millis(),
        };
        Ok(found.into_iter().map(end).collect())
    }

    async fn messages_where(&self, filter: Document) -> Result<Vec<Message>, StoreError> {
        let found = self.collect(filter).await?;
        Ok(found
            .into_iter()
            .filter_map(RecordDocument::into_message)
            .collect())
    }

    async fn collect(&self, filter: Document) -> Result<Vec<RecordDocument>, StoreError> {
        self.all(self.messages.find(filter).batch_size(ANSWER))
            .await
    }
}

/// What stands at one revision of a log.
#[derive(Debug)]
pub enum Logged {
    /// A message was appended; it is shown as it is now.
    Message(Message),
    /// A message was changed.
    Change(Record),
}

impl Logged {
    fn of(document: RecordDocument) -> Self {
        if document.is_change() {
            return Self::Change(document.into_record());
        }
        Self::Message(
            document
                .into_message()
                .expect("what is no change is a message"),
        )
    }

    /// At which revision.
    #[must_use]
    pub fn rev(&self) -> i64 {
        match self {
            Self::Message(message) => message.appended_rev,
            Self::Change(record) => record.rev,
        }
    }
}
