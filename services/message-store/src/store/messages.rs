//! The collection `messages`: the logs themselves.
//!
//! Every read is bounded at both ends, or begins so near to the log's end that it need not be: not
//! every engine stops at a `limit`. No `$or`: not every engine finds its index.

use confab_ids::{MessageId, RoomId, UserId};
use mongodb::bson::raw::RawDocumentBuf;
use mongodb::bson::{DateTime, Document, doc};
use serde::Deserialize;

use super::deadline::{all, within};
use super::documents::{MessageDocument, message_bytes};
use super::{Store, StoreError};
use crate::message::Message;

/// All in one answer, whatever page was asked for.
const ANSWER: u32 = 1_000;

/// Messages ready to be inserted.
pub struct Encoded(Vec<RawDocumentBuf>);

impl Encoded {
    pub fn of<'a>(messages: impl Iterator<Item = &'a Message>) -> Self {
        Self(messages.map(message_bytes).collect())
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

/// What a message says of the end of its log.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct LogEnd {
    pub rev: i64,
    pub seq: i64,
    #[serde(rename = "createdAt")]
    created_at: DateTime,
}

impl LogEnd {
    #[must_use]
    pub const fn at_ms(&self) -> i64 {
        self.created_at.timestamp_millis()
    }
}

impl Store {
    /// Inserts messages one after the other and stops at the first that cannot be inserted, so that
    /// none is ever written before the one with the number below.
    pub async fn insert_in_order(&self, Encoded(documents): Encoded) -> Written {
        let all = documents.len();
        let collection = self.messages.clone_with_type::<RawDocumentBuf>();
        match within(collection.insert_many(documents).ordered(true)).await {
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

    /// The messages that one sender sent to a room under these ids.
    pub async fn find_sent(
        &self,
        room: RoomId,
        from: UserId,
        client_message_ids: Vec<String>,
    ) -> Result<Vec<Message>, StoreError> {
        self.collect(doc! {
            "roomId": room.object_id(),
            "from": from.object_id(),
            "clientMessageId": { "$in": client_message_ids },
        })
        .await
    }

    pub async fn find_message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        let found = within(self.messages.find_one(doc! { "_id": id.object_id() })).await?;
        Ok(found.map(Message::from))
    }

    /// What all messages from revision `from_rev` on say of the end, in no order. To be called only
    /// with a revision near the end.
    pub async fn log_ends(&self, room: RoomId, from_rev: i64) -> Result<Vec<LogEnd>, StoreError> {
        self.ends(doc! { "roomId": room.object_id(), "rev": { "$gte": from_rev } })
            .await
    }

    /// All messages from revision `from_rev` on, in no order. To be called only with a revision near
    /// the end.
    pub async fn log_tail(&self, room: RoomId, from_rev: i64) -> Result<Vec<Message>, StoreError> {
        self.collect(doc! { "roomId": room.object_id(), "rev": { "$gte": from_rev } })
            .await
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
            .collect(doc! { "roomId": room.object_id(), "seq": range })
            .await?;
        page.sort_unstable_by_key(|message| message.seq);
        Ok(page)
    }

    /// The messages last changed by the revisions `first` to `last`, in that order.
    pub async fn messages_by_rev(
        &self,
        room: RoomId,
        first: i64,
        last: i64,
    ) -> Result<Vec<Message>, StoreError> {
        let range = doc! { "$gte": first, "$lte": last };
        let mut page = self
            .collect(doc! { "roomId": room.object_id(), "rev": range })
            .await?;
        page.sort_unstable_by_key(|message| message.rev);
        Ok(page)
    }

    /// When the messages with these numbers were created.
    pub async fn times_of(&self, room: RoomId, seqs: &[i64]) -> Result<Vec<LogEnd>, StoreError> {
        self.ends(doc! { "roomId": room.object_id(), "seq": { "$in": seqs } })
            .await
    }

    async fn ends(&self, filter: Document) -> Result<Vec<LogEnd>, StoreError> {
        let collection = self.messages.clone_with_type::<LogEnd>();
        let fields = doc! { "_id": 0, "rev": 1, "seq": 1, "createdAt": 1 };
        all(collection
            .find(filter)
            .projection(fields)
            .batch_size(ANSWER))
        .await
    }

    async fn collect(&self, filter: Document) -> Result<Vec<Message>, StoreError> {
        let find = self.messages.find(filter).batch_size(ANSWER);
        let found: Vec<MessageDocument> = all(find).await?;
        Ok(found.into_iter().map(Message::from).collect())
    }
}
