//! What somebody sends: text as JSON or as a form, which may have a picture. The picture is an upload by the
//! time it is known what else there is.

use std::sync::Arc;

use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use confab_ids::{MediaId, UserId};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use tokio::time::timeout;

use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::{Body, Problem, to_its_end};
use crate::media::MediaError;
use crate::media::upload::{self, Said};

/// How many fields a form may have.
const FIELDS: usize = 16;
/// How many bytes of text are read: twice the largest message, which is refused for its own reason.
const LONGEST_TEXT: usize = 16_384;
/// How much of longer text is read all the same: a client that cannot send does not read the answer either.
const MOST_IN_VAIN: usize = 1 << 20;

/// What is to be sent.
#[derive(Default, Deserialize)]
#[serde(expecting = "an object")]
pub struct Draft {
    #[serde(default)]
    pub text: String,
    /// Uploaded already.
    #[serde(skip)]
    pub image: Option<MediaId>,
}

/// Reads a draft, and stores its picture.
pub async fn read(
    gateway: &Arc<Gateway>,
    user: UserId,
    mut request: Request,
) -> Result<Draft, Problem> {
    let kind = request.headers().get(CONTENT_TYPE);
    let is_form = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    let draft = if is_form {
        // What comes is counted as it comes: a picture by the bound of uploads, text by its own.
        DefaultBodyLimit::disable().apply(&mut request);
        let form = Multipart::from_request(request, &()).await;
        let form = form.map_err(|rejection| Error::PayloadUnreadable(rejection.body_text()))?;
        let gateway = gateway.clone();
        to_its_end(async move { of_form(&gateway, user, form).await }).await?
    } else {
        Body::<Draft>::from_request(request, &()).await?.0
    };
    if draft.text.trim().is_empty() && draft.image.is_none() {
        let status = StatusCode::BAD_REQUEST;
        let detail = "Either text or image is required";
        return Err(Problem::of_http(status, "CONTENT_INVALID", detail));
    }
    Ok(draft)
}

async fn of_form(gateway: &Gateway, user: UserId, mut form: Multipart) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    for _ in 0..FIELDS {
        let next = timeout(gateway.media.stall, form.next_field()).await;
        let field = next.map_err(|_| MediaError::Stalled)?;
        let field = field.map_err(|error| MediaError::BrokenOff(error.body_text()))?;
        let Some(field) = field else { break };
        match field.name() {
            Some("text") => draft.text = text(gateway, field).await?,
            // A field without a file is what a form has where nothing was picked.
            Some("image") if field.file_name().is_some_and(|name| !name.is_empty()) => {
                draft.image = Some(image(gateway, user, field).await?);
            }
            _ => {}
        }
    }
    Ok(draft)
}

async fn text(gateway: &Gateway, mut field: Field<'_>) -> Result<String, Error> {
    let (mut text, mut came) = (Vec::new(), 0);
    loop {
        let next = timeout(gateway.media.stall, field.chunk()).await;
        let piece = next.map_err(|_| MediaError::Stalled)?;
        let piece = piece.map_err(|error| MediaError::BrokenOff(error.body_text()))?;
        let Some(piece) = piece else { break };
        came += piece.len();
        if came <= LONGEST_TEXT {
            text.extend_from_slice(&piece);
        } else if came > MOST_IN_VAIN {
            break;
        }
    }
    if came > LONGEST_TEXT {
        return Err(Error::field("text", "must be 8192 bytes at most"));
    }
    String::from_utf8(text).map_err(|_| Error::field("text", "must be UTF-8"))
}

/// Stores a picture.
async fn image(gateway: &Gateway, user: UserId, field: Field<'_>) -> Result<MediaId, Error> {
    let declared = field.content_type().unwrap_or_default();
    let said = Said {
        name: field.file_name().unwrap_or_default().to_owned(),
        // Whatever else is said, the field's name says that it is one.
        mime_type: match declared.starts_with("image/") {
            true => declared.to_owned(),
            false => "image/*".to_owned(),
        },
    };
    let media = upload::upload(gateway, user, said, field).await?;
    Ok(media.id.parse().map_err(|_| MediaError::NotFound)?)
}
