//! The indexes, all created while their collections are empty.

use std::time::Duration;

use mongodb::IndexModel;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::IndexOptions;

use super::{Store, StoreError, chain};

/// Several replicas may start at once, and the server then makes one wait for the other.
const ATTEMPTS: u32 = 5;
const UNIQUE: bool = true;

impl Store {
    /// Creates what is missing; does nothing to what is there.
    pub(super) async fn create_indexes(&self) -> Result<(), StoreError> {
        let mut attempt = 1;
        loop {
            match self.create_all().await {
                Err(error) if attempt < ATTEMPTS => {
                    tracing::warn!(
                        error = chain(&error),
                        "the indexes could not be created yet"
                    );
                    tokio::time::sleep(Duration::from_millis(200) * attempt).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn create_all(&self) -> Result<(), StoreError> {
        // The three that make a log a log: no number is given twice, no message is stored twice.
        self.within(self.messages.create_indexes([
            index("room_seq", doc! { "roomId": 1, "seq": 1 }, UNIQUE),
            index("room_rev", doc! { "roomId": 1, "rev": 1 }, UNIQUE),
            index(
                "room_sender_client_message",
                doc! { "roomId": 1, "from": 1, "clientMessageId": 1 },
                UNIQUE,
            ),
        ]))
        .await?;
        // Only what has the field is in these: a plain message costs nothing here.
        self.within(self.messages.create_indexes([
            sparse("change_target", doc! { "change.target": 1 }),
            sparse("reply_to", doc! { "replyTo": 1 }),
            sparse("attachment", doc! { "attachments.mediaId": 1 }),
            partial(
                "pinned",
                doc! { "roomId": 1, "state.pinnedAt": 1 },
                doc! { "state.pinnedAt": { "$gt": DateTime::MIN } },
            ),
        ]))
        .await?;
        self.within(self.hidden.create_indexes([
            index("message", doc! { "messageId": 1 }, !UNIQUE),
            index("user_message", doc! { "userId": 1, "messageId": 1 }, UNIQUE),
            index(
                "user_room_seq",
                doc! { "userId": 1, "roomId": 1, "seq": 1 },
                !UNIQUE,
            ),
        ]))
        .await?;
        self.within(self.rooms.create_indexes([
            sparse("steps", doc! { "steps.at": 1 }),
            sparse("oldest", doc! { "oldestAt": 1 }),
            partial(
                "due",
                doc! { "retention.dueAt": 1 },
                doc! { "retention.dueAt": { "$gt": DateTime::MIN } },
            ),
            partial(
                "image",
                doc! { "imageUrl": 1 },
                doc! { "imageUrl": { "$gt": "" } },
            ),
        ]))
        .await?;
        self.within(self.media.create_indexes([
            index("owner_state", doc! { "ownerId": 1, "state": 1 }, !UNIQUE),
            index("check_at", doc! { "checkAt": 1 }, !UNIQUE),
            partial(
                "avatar",
                doc! { "ownerId": 1, "avatar": 1 },
                doc! { "avatar": true },
            ),
        ]))
        .await?;
        self.within(self.members.create_indexes([
            index("room_user", doc! { "roomId": 1, "userId": 1 }, UNIQUE),
            index("user_room", doc! { "userId": 1, "roomId": 1 }, !UNIQUE),
        ]))
        .await?;
        // By day, for no engine stops at a `limit` within a range of words, and one reads all of a range
        // whatever its words are.
        self.within(self.search.create_indexes([index(
            "room_day_words",
            doc! { "roomId": 1, "day": 1, "words": 1 },
            !UNIQUE,
        )]))
        .await?;
        Ok(())
    }
}

fn index(name: &str, keys: Document, unique: bool) -> IndexModel {
    let options = IndexOptions::builder()
        .name(name.to_owned())
        .unique(unique)
        .build();
    IndexModel::builder().keys(keys).options(options).build()
}

fn sparse(name: &str, keys: Document) -> IndexModel {
    let options = IndexOptions::builder()
        .name(name.to_owned())
        .sparse(true)
        .build();
    IndexModel::builder().keys(keys).options(options).build()
}

/// An index of the documents that are like this.
fn partial(name: &str, keys: Document, only: Document) -> IndexModel {
    let options = IndexOptions::builder()
        .name(name.to_owned())
        .partial_filter_expression(only)
        .build();
    IndexModel::builder().keys(keys).options(options).build()
}
