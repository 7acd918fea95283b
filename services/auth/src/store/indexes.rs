//! The indexes, created at every start: a no-op but for the first.

use std::future::IntoFuture as _;
use std::time::Duration;

use anyhow::Context as _;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;
use mongodb::{Database, IndexModel};

use super::{blocks, sessions, signing_keys, users};

/// Building an index over many documents takes a while; a start may wait for it.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn create(database: &Database) -> anyhow::Result<()> {
    for (collection, models) in [
        (
            users::COLLECTION,
            vec![
                unique("usernameFolded"),
                unique("emailFolded"),
                sparse("displayKey"),
                unique_sparse("externalKey"),
            ],
        ),
        // MongoDB removes what has expired; ending all sessions of a user finds them by user.
        (
            sessions::COLLECTION,
            vec![expiring("expiresAt"), plain("userId")],
        ),
        // Blocks are looked up from both sides.
        (
            blocks::COLLECTION,
            vec![unique_pair("userId", "blockedId"), plain("blockedId")],
        ),
        (signing_keys::COLLECTION, vec![unique("slot")]),
    ] {
        let collection = database.collection::<Document>(collection);
        let create = collection.create_indexes(models).into_future();
        tokio::time::timeout(PATIENCE, create)
            .await
            .map_err(anyhow::Error::from)
            .and_then(|created| Ok(created?))
            .with_context(|| format!("cannot create the indexes of {}", collection.name()))?;
    }
    Ok(())
}

fn plain(field: &str) -> IndexModel {
    IndexModel::builder().keys(doc! { field: 1 }).build()
}

fn unique(field: &str) -> IndexModel {
    let options = IndexOptions::builder().unique(true).build();
    IndexModel::builder()
        .keys(doc! { field: 1 })
        .options(options)
        .build()
}

fn unique_pair(first: &str, second: &str) -> IndexModel {
    let options = IndexOptions::builder().unique(true).build();
    IndexModel::builder()
        .keys(doc! { first: 1, second: 1 })
        .options(options)
        .build()
}

/// Of those documents alone that have the field.
fn sparse(field: &str) -> IndexModel {
    let options = IndexOptions::builder().sparse(true).build();
    IndexModel::builder()
        .keys(doc! { field: 1 })
        .options(options)
        .build()
}

/// Each value once, of those documents alone that have the field.
fn unique_sparse(field: &str) -> IndexModel {
    let options = IndexOptions::builder().unique(true).sparse(true).build();
    IndexModel::builder()
        .keys(doc! { field: 1 })
        .options(options)
        .build()
}

fn expiring(field: &str) -> IndexModel {
    let options = IndexOptions::builder().expire_after(Duration::ZERO).build();
    IndexModel::builder()
        .keys(doc! { field: 1 })
        .options(options)
        .build()
}
