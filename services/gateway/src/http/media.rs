//! `/api/media`: putting files there, and getting them.

mod content;
mod range;
mod upload;

use std::sync::Arc;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use confab_ids::MediaId;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticated::Authenticated;
use super::body::{Body, Id};
use super::problem::Problem;
use crate::contract::words::AnyId;
use crate::dialect::native::{ExpectedView, LinkList, LinkView, MediaView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::media::direct::{self, Announce};
use crate::media::links::Purpose;
use crate::media::{self, MediaError};

pub use content::{send_file, send_thumbnail};
pub use upload::{to_its_end, upload_form};

/// How many addresses one request may ask for: what a screen shows.
const MOST_LINKS: usize = 100;

pub fn routes() -> OpenApiRouter<Arc<Gateway>> {
    // What comes here is counted as it comes, by a bound of its own.
    let bytes = OpenApiRouter::new()
        .routes(routes!(upload::upload))
        .routes(routes!(upload::receive))
        .layer(DefaultBodyLimit::disable());
    OpenApiRouter::new()
        .routes(routes!(announce))
        .routes(routes!(sign))
        .routes(routes!(content::file))
        .routes(routes!(content::thumbnail))
        .routes(routes!(info))
        .routes(routes!(complete))
        .merge(bytes)
}

/// Announces an upload that goes past the API; answers where to put it.
#[utoipa::path(
    post, path = "/api/media/direct", operation_id = "announceMedia",
    request_body = Announce,
    responses(
        (status = 201, body = ExpectedView<'_>, description = "where it may go, and until when"),
        (status = 403, description = "`UPLOADS_OFF`"),
        (status = 409, description = "`TOO_MANY_UPLOADS`"),
        (status = 413, description = "`MEDIA_TOO_LARGE`, `PAYLOAD_TOO_LARGE`")
    )
)]
async fn announce(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Body(announced): Body<Announce>,
) -> Result<Response, Problem> {
    let expected = direct::expect(&gateway, principal.user, announced)
        .await
        .map_err(problem)?;
    let view = ExpectedView::new(&expected, gateway.media.links.ttl);
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// Says that an announced upload is there; it is looked at, and ready after that.
#[utoipa::path(
    post, path = "/api/media/{id}/complete", operation_id = "completeMedia",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = MediaView<'_>, description = "the upload"),
        (status = 403, description = "`UPLOADS_OFF`"),
        (status = 404, description = "`MEDIA_NOT_FOUND`"),
        (status = 409, description = "it is not there, or not as it was announced"),
        (status = 413, description = "`MEDIA_TOO_LARGE`"),
        (status = 415, description = "`MEDIA_TYPE_NOT_ALLOWED`, `MEDIA_TYPE_MISMATCH`")
    )
)]
async fn complete(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MediaId>,
) -> Result<Response, Problem> {
    let work = async move { direct::complete(&gateway, principal.user, id).await };
    let media = upload::to_its_end(work).await?;
    Ok(Json(MediaView::from(&media)).into_response())
}

/// What is known of an upload.
#[utoipa::path(
    get, path = "/api/media/{id}/info", operation_id = "getMediaInfo",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, body = MediaView<'_>, description = "the upload"),
        (status = 404, description = "`MEDIA_NOT_FOUND`, also for who may not see it")
    )
)]
async fn info(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MediaId>,
) -> Result<Response, Problem> {
    let media = media::find(&gateway.clients, principal.user, id).await?;
    Ok(Json(MediaView::from(&media)).into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(expecting = "an object")]
#[schema(as = MediaUrlsBody)]
struct Wanted {
    #[schema(value_type = Vec<AnyId>, max_items = 100)]
    ids: Vec<MediaId>,
}

/// Signs addresses for what cannot send a token, like `<img>`. Whether the caller may see them is asked
/// when the addresses are used.
#[utoipa::path(
    post, path = "/api/media/urls", operation_id = "signMediaUrls",
    request_body = Wanted,
    responses((status = 200, body = LinkList, description = "an address for each"))
)]
async fn sign(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Body(Wanted { ids }): Body<Wanted>,
) -> Result<Response, Problem> {
    if ids.len() > MOST_LINKS {
        return Err(Error::field("ids", "must be at most 100").into());
    }
    let mut urls = Vec::with_capacity(ids.len());
    for id in ids {
        let links = &gateway.media.links;
        let whose = (principal.user, id);
        let signed = links.sign(&gateway.clients, Purpose::Read, whose).await?;
        urls.push(LinkView::new(id, &signed));
    }
    Ok(Json(LinkList { urls }).into_response())
}

/// What HTTP has words of its own for.
fn problem(error: Error) -> Problem {
    let Error::Media(media) = &error else {
        return error.into();
    };
    let (status, reason) = match media {
        MediaError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "MEDIA_TOO_LARGE"),
        MediaError::TypeNotAllowed(_) => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "MEDIA_TYPE_NOT_ALLOWED")
        }
        MediaError::TypeMismatch { .. } => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "MEDIA_TYPE_MISMATCH")
        }
        MediaError::Stalled => (StatusCode::REQUEST_TIMEOUT, "UPLOAD_STALLED"),
        _ => return error.into(),
    };
    Problem::of_http(status, reason, media.to_string())
}
