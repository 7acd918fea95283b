//! `/api/media`: putting files there, and getting them.

mod content;
mod range;
mod upload;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use confab_ids::MediaId;
use http::StatusCode;
use serde::Deserialize;

use super::authenticated::Authenticated;
use super::body::{Body, Id};
use super::problem::Problem;
use crate::dialect::native::{ExpectedView, LinkList, LinkView, MediaView};
use crate::error::Error;
use crate::gateway::Gateway;
use crate::media::direct::{self, Announce};
use crate::media::links::Purpose;
use crate::media::{self, MediaError};

/// How many addresses one request may ask for: what a screen shows.
const MOST_LINKS: usize = 100;

pub fn routes() -> Router<Arc<Gateway>> {
    // What comes here is counted as it comes, by a bound of its own.
    let bytes = Router::new()
        .route("/api/media", post(upload::upload))
        .route("/api/media/{id}/content", put(upload::receive))
        .layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/api/media/direct", post(announce))
        .route("/api/media/urls", post(sign))
        .route("/api/media/{id}", get(content::file))
        .route("/api/media/{id}/thumbnail", get(content::thumbnail))
        .route("/api/media/{id}/info", get(info))
        .route("/api/media/{id}/complete", post(complete))
        .merge(bytes)
}

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

async fn complete(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MediaId>,
) -> Result<Response, Problem> {
    let work = async move { direct::complete(&gateway, principal.user, id).await };
    let media = upload::to_its_end(work).await?;
    Ok(Json(MediaView::from(&media)).into_response())
}

async fn info(
    State(gateway): State<Arc<Gateway>>,
    Authenticated(principal): Authenticated,
    Id(id): Id<MediaId>,
) -> Result<Response, Problem> {
    let media = media::find(&gateway.clients, principal.user, id).await?;
    Ok(Json(MediaView::from(&media)).into_response())
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Wanted {
    ids: Vec<MediaId>,
}

/// Whether the caller may see them is asked when the addresses are used.
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
