//! Bytes that come in: as the body itself, or as the first file of a form.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use confab_fault::{Fault, Kind};
use confab_ids::{MediaId, UserId};
use confab_proto::message::Media;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tokio::time::timeout;
use tracing::Instrument as _;
use utoipa::{IntoParams, ToSchema};

use super::problem;
use crate::contract::words::AnyId;
use crate::dialect::native::MediaView;
use crate::error::Error;
use crate::gateway::Gateway;
use crate::http::authenticated::Authenticated;
use crate::http::body::{Id, Query};
use crate::http::problem::Problem;
use crate::media::links::{Purpose, Signed};
use crate::media::upload::Said;
use crate::media::{self, MediaError};

/// What stands around a file in a form.
const FORM: u64 = 16_384;

#[derive(Default, Deserialize, IntoParams)]
#[serde(expecting = "an object")]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// What it is called, if the body is the file itself.
    #[serde(default)]
    name: String,
}

/// Uploads a file: the body itself, or the first file of a form.
#[utoipa::path(
    post, path = "/api/media", operation_id = "uploadMedia",
    params(Named),
    request_body(content(
        (Vec<u8> = "application/octet-stream"),
        (Form = "multipart/form-data")
    )),
    responses(
        (status = 201, body = MediaView<'_>, description = "the upload, ready"),
        (status = 403, description = "`UPLOADS_OFF`"),
        (status = 408, description = "`UPLOAD_STALLED`"),
        (status = 409, description = "`TOO_MANY_UPLOADS`"),
        (status = 413, description = "`MEDIA_TOO_LARGE`"),
        (status = 415, description = "`MEDIA_TYPE_NOT_ALLOWED`, `MEDIA_TYPE_MISMATCH`")
    )
)]
pub async fn upload(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Query(Named { name }): Query<Named>,
    request: Request,
) -> Result<Response, Problem> {
    let (user, mime_type) = (principal.user, text(request.headers(), &CONTENT_TYPE));
    let media = if mime_type.starts_with("multipart/form-data") {
        upload_form(&gateway, user, request).await?
    } else {
        let request = fitting(&gateway, request, gateway.media.max_bytes).await?;
        let said = Said { name, mime_type };
        let body = request.into_body().into_data_stream();
        to_its_end(async move { media::upload::upload(&gateway, user, said, body).await }).await?
    };
    Ok((StatusCode::CREATED, Json(MediaView::from(&media))).into_response())
}

/// Stores the first file of the form that a request is.
pub async fn upload_form(
    gateway: &Arc<Gateway>,
    user: UserId,
    request: Request,
) -> Result<Media, Problem> {
    let request = fitting(gateway, request, gateway.media.max_bytes + FORM).await?;
    let form = Multipart::from_request(request, &()).await;
    let form = form.map_err(|rejection| Error::PayloadUnreadable(rejection.body_text()))?;
    let gateway = gateway.clone();
    to_its_end(async move { file_of(&gateway, user, form).await }).await
}

/// A request that does not announce more than there may be. What does is refused without being stored; what
/// comes of it is read in vain.
async fn fitting(gateway: &Gateway, request: Request, most: u64) -> Result<Request, Problem> {
    let announced = announced(request.headers());
    if announced.is_none_or(|announced| announced <= most) || gateway.media.taking().is_err() {
        return Ok(request);
    }
    let mut feed = feed(gateway, request);
    feed.in_vain().await;
    Err(problem(
        MediaError::TooLarge(gateway.media.max_bytes).into(),
    ))
}

/// The first file of a form; what stands before it is passed over.
async fn file_of(gateway: &Gateway, user: UserId, mut form: Multipart) -> Result<Media, Error> {
    loop {
        let next = timeout(gateway.media.stall, form.next_field()).await;
        let field = next.map_err(|_| MediaError::Stalled)?;
        let field = field.map_err(|error| MediaError::BrokenOff(error.body_text()))?;
        let field = field.ok_or(Error::field("file", "must be a file of the form"))?;
        let Some(name) = field.file_name().map(str::to_owned) else {
            continue;
        };
        let mime_type = field.content_type().unwrap_or_default().to_owned();
        return media::upload::upload(gateway, user, Said { name, mime_type }, field).await;
    }
}

/// A form with a file.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "it is what the document says of a form, which is read as it comes"
)]
struct Form {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Takes what was announced. The address says who is sending, for the client that sends knows nothing
/// but the address.
#[utoipa::path(
    put, path = "/api/media/{id}/content", operation_id = "putMedia",
    params(("id" = AnyId, Path), Signed),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    security(()),
    responses(
        (status = 200, description = "it is there; it is to be completed now"),
        (status = 401, description = "`SIGNATURE_INVALID`: the address is not signed, or no longer valid"),
        (status = 403, description = "`UPLOADS_OFF`"),
        (status = 404, description = "`MEDIA_NOT_FOUND`"),
        (status = 408, description = "`UPLOAD_STALLED`"),
        (status = 409, description = "it is not as it was announced"),
        (status = 413, description = "`MEDIA_TOO_LARGE`")
    )
)]
pub async fn receive(
    State(gateway): State<Arc<Gateway>>,
    Id(id): Id<MediaId>,
    Query(signed): Query<Signed>,
    request: Request,
) -> Result<Response, Problem> {
    let links = &gateway.media.links;
    let user = links
        .verify(&gateway.clients, Purpose::Upload, id, &signed)
        .await?;
    let body = request.into_body().into_data_stream();
    let work = async move { media::direct::receive(&gateway, (user, id), body).await };
    to_its_end(work).await?;
    // As S3 answers.
    Ok(StatusCode::OK.into_response())
}

/// Does the work to its end even if the client has gone: what broke off is cleaned up in it.
pub async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(outcome) => outcome.map_err(problem),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only the end of the process cancels tasks.
            Err(_) => {
                let detail = "this replica is stopping";
                Err(Fault::new(Kind::Unavailable, "STOPPING", detail).into())
            }
        },
    }
}

fn feed(gateway: &Gateway, request: Request) -> media::feed::Feed<axum::body::BodyDataStream> {
    let body = request.into_body().into_data_stream();
    media::feed::Feed::new(body, gateway.media.max_bytes, gateway.media.stall)
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    text(headers, &CONTENT_LENGTH).parse().ok()
}

fn text(headers: &HeaderMap, name: &http::HeaderName) -> String {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}
