//! What somebody sends: text as JSON or as a form, which may have a picture.

use axum::extract::{FromRequest, Multipart, Request};
use axum::response::{IntoResponse, Response};
use confab_fault::Fault;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;

use crate::error::Error;
use crate::http::{Body, Problem};

/// How many fields a form may have.
const FIELDS: usize = 16;

/// What is to be sent.
#[derive(Default, Deserialize)]
#[serde(expecting = "an object")]
pub struct Draft {
    #[serde(default)]
    pub text: String,
}

impl<S: Send + Sync> FromRequest<S> for Draft {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let kind = request.headers().get(CONTENT_TYPE);
        let is_form = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
        let draft = if is_form {
            let form = Multipart::from_request(request, state).await;
            read(form.map_err(|rejection| unreadable(rejection.body_text()))?).await?
        } else {
            let body = Body::<Self>::from_request(request, state).await;
            body.map_err(IntoResponse::into_response)?.0
        };
        if draft.text.trim().is_empty() {
            return Err(refused(
                StatusCode::BAD_REQUEST,
                "CONTENT_INVALID",
                "Either text or image is required",
            ));
        }
        Ok(draft)
    }
}

/// Reads the text. There is no service yet that takes pictures: one is refused as the seed refuses it
/// where pictures are switched off.
async fn read(mut form: Multipart) -> Result<Draft, Response> {
    let mut draft = Draft::default();
    for _ in 0..FIELDS {
        let field = form.next_field().await;
        let Some(field) = field.map_err(|error| unreadable(error.body_text()))? else {
            break;
        };
        match field.name() {
            Some("text") => {
                let text = field.text().await;
                draft.text = text.map_err(|error| unreadable(error.body_text()))?;
            }
            Some("image") => {
                return Err(refused(
                    StatusCode::FORBIDDEN,
                    "UPLOADS_OFF",
                    "Image uploads are disabled by AVC",
                ));
            }
            _ => {}
        }
    }
    Ok(draft)
}

fn unreadable(why: String) -> Response {
    Problem::from(Fault::from(Error::PayloadUnreadable(why))).into_response()
}

fn refused(status: StatusCode, reason: &'static str, detail: &'static str) -> Response {
    Problem::of_http(status, reason, detail).into_response()
}
