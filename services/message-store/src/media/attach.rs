//! A message carries uploads.

use confab_ids::UserId;

use super::IN_USE_MS;
use crate::clock::now_ms;
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::message::{Attachment, Body, MessageType};

/// Fills attachments that are uploads with what is known of them, and makes the message what the first
/// of them is; what the client says of them counts for nothing. From now on, and until the message must have been written, they are no orphans.
///
/// # Errors
/// If one of them is not there, not complete or not the sender's; or the store fails.
pub async fn attach(context: &Context, user: UserId, body: &mut Body) -> Result<(), Error> {
    for attachment in &mut body.attachments {
        let Some(id) = attachment.media else {
            continue;
        };
        let used = context
            .store
            .use_media((user, id), now_ms(), now_ms() + IN_USE_MS)
            .await?;
        let media = used.ok_or(Invalid::Attachment(
            "there is no such upload of yours that is complete, or it was used 1000 times",
        ))?;
        *attachment = Attachment {
            media: Some(id),
            url: String::new(),
            mime_type: media.mime_type,
            name: media.name.as_str().to_owned(),
            size_bytes: media.size_bytes,
            width: media.width,
            height: media.height,
        };
    }
    if let Some(first) = body.attachments.first().filter(|one| one.media.is_some()) {
        body.kind = MessageType::of_mime(&first.mime_type);
    }
    Ok(())
}

/// Uploads that a message carried which is deleted: if nothing else refers to them, they can go.
///
/// # Errors
/// If the store fails. They are found without this, only later.
pub async fn detach(context: &Context, attachments: &[Attachment]) -> Result<(), Error> {
    let ids: Vec<_> = attachments.iter().filter_map(|one| one.media).collect();
    Ok(context.store.release_media(&ids, now_ms()).await?)
}
