//! Bytes that go out, to those who may see them: in a way in which no browser runs them.

use std::sync::Arc;

use axum::body::Body as Payload;
use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use confab_ids::{MediaId, UserId};
use confab_proto::message::{Media, MediaState};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::problem;
use super::range::{Part, part};
use crate::contract::words::AnyId;
use crate::gateway::Gateway;
use crate::http::authenticated::Authenticated;
use crate::http::body::{Id, Query};
use crate::http::problem::Problem;
use crate::media::links::{Purpose, Signed};
use crate::media::store::Object;
use crate::media::{self, MediaError};

/// Nothing in it runs, loads or submits anything, should a browser open it as a page all the same.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/// A minute, so that scrolling back asks for nothing; no longer, for who may see it may change.
const CACHE: &str = "private, max-age=60";
/// What browsers show and do not run.
const SHOWN: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// Who is asking: by a token, or by an address that was signed for them.
pub struct Viewer(UserId);

impl FromRequestParts<Arc<Gateway>> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        gateway: &Arc<Gateway>,
    ) -> Result<Self, Problem> {
        let signs = parts
            .uri
            .query()
            .is_some_and(|query| query.contains("signature="));
        if !signs || parts.headers.contains_key(http::header::AUTHORIZATION) {
            let Authenticated(principal) =
                Authenticated::from_request_parts(parts, gateway).await?;
            return Ok(Self(principal.user));
        }
        let Query(signed) = Query::<Signed>::from_request_parts(parts, gateway).await?;
        let Id(id) = Id::<MediaId>::from_request_parts(parts, gateway).await?;
        let links = &gateway.media.links;
        let user = links.verify(&gateway.clients, Purpose::Read, id, &signed);
        Ok(Self(user.await?))
    }
}

/// The file itself, or a part of it by `Range`.
#[utoipa::path(
    get, path = "/api/media/{id}", operation_id = "getMedia",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, description = "its bytes", content_type = "*/*", body = Vec<u8>),
        (status = 206, description = "a part of them", content_type = "*/*", body = Vec<u8>),
        (status = 304, description = "they are as they were"),
        (status = 404, description = "`MEDIA_NOT_FOUND`, also for who may not see it"),
        (status = 416, description = "`RANGE_NOT_SATISFIABLE`")
    )
)]
pub async fn file(
    State(gateway): State<Arc<Gateway>>,
    Viewer(user): Viewer,
    Id(id): Id<MediaId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    send_file(&gateway, (user, id), &headers).await
}

/// Gives a user a file, or the part of it that the headers ask for.
pub async fn send_file(
    gateway: &Arc<Gateway>,
    (user, id): (UserId, MediaId),
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let media = ready(gateway, user, id).await?;
    let sent = Sent {
        object: Object::File,
        mime_type: media.mime_type.clone(),
        size: media.size_bytes,
        tag: format!("\"{id}\""),
    };
    answer(gateway, &media, sent, asked).await
}

/// A small picture of an image, or the image if it is small itself.
#[utoipa::path(
    get, path = "/api/media/{id}/thumbnail", operation_id = "getThumbnail",
    params(("id" = AnyId, Path)),
    responses(
        (status = 200, description = "its bytes", content_type = "*/*", body = Vec<u8>),
        (status = 206, description = "a part of them", content_type = "*/*", body = Vec<u8>),
        (status = 304, description = "they are as they were"),
        (status = 404, description = "`MEDIA_NOT_FOUND`, also for who may not see it"),
        (status = 416, description = "`RANGE_NOT_SATISFIABLE`")
    )
)]
pub async fn thumbnail(
    State(gateway): State<Arc<Gateway>>,
    Viewer(user): Viewer,
    Id(id): Id<MediaId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    send_thumbnail(&gateway, (user, id), &headers).await
}

/// Gives a user the small picture of an image.
pub async fn send_thumbnail(
    gateway: &Arc<Gateway>,
    (user, id): (UserId, MediaId),
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let media = ready(gateway, user, id).await?;
    let sent = match &media.thumbnail {
        Some(thumbnail) => Sent {
            object: Object::Thumbnail,
            mime_type: thumbnail.mime_type.clone(),
            size: thumbnail.size_bytes,
            tag: format!("\"{id}-thumbnail\""),
        },
        // Small enough itself.
        None if media.width > 0 => Sent {
            object: Object::File,
            mime_type: media.mime_type.clone(),
            size: media.size_bytes,
            tag: format!("\"{id}\""),
        },
        None => return Err(problem(MediaError::NotFound.into())),
    };
    answer(gateway, &media, sent, asked).await
}

async fn ready(gateway: &Gateway, user: UserId, id: MediaId) -> Result<Media, Problem> {
    let media = media::find(&gateway.clients, user, id).await?;
    if media.state() == MediaState::Ready {
        Ok(media)
    } else {
        Err(problem(MediaError::NotFound.into()))
    }
}

struct Sent {
    object: Object,
    mime_type: String,
    size: i64,
    /// What is there never changes, so its id is its state.
    tag: String,
}

async fn answer(
    gateway: &Arc<Gateway>,
    media: &Media,
    sent: Sent,
    asked: &HeaderMap,
) -> Result<Response, Problem> {
    let said = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let mut response = if said(IF_NONE_MATCH).is_some_and(|tags| matches(tags, &sent.tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let size = u64::try_from(sent.size).unwrap_or_default();
        // A part of what it was before is of no use.
        let range = said(RANGE).filter(|_| said(IF_RANGE).is_none_or(|tag| tag == sent.tag));
        let (status, range) = match part(range, size) {
            Part::Whole => (StatusCode::OK, 0..size),
            Part::Of(range) => (StatusCode::PARTIAL_CONTENT, range),
            Part::None => return Ok(unsatisfiable(size)),
        };
        let id = media
            .id
            .parse()
            .map_err(|_| problem(MediaError::NotFound.into()))?;
        let length = range.end - range.start;
        let place = format!(
            "bytes {}-{}/{size}",
            range.start,
            range.end.saturating_sub(1)
        );
        let bytes = media::download::download(gateway, id, sent.object, range)
            .await
            .map_err(|error| problem(error.into()))?;
        let mut response = (status, Payload::from_stream(bytes)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if status == StatusCode::PARTIAL_CONTENT {
            set(headers, CONTENT_RANGE, &place);
        }
        response
    };
    let headers = response.headers_mut();
    set(headers, ETAG, &sent.tag);
    set(headers, CONTENT_TYPE, &content_type(&sent.mime_type));
    set(
        headers,
        CONTENT_DISPOSITION,
        &disposition(&sent.mime_type, &media.name),
    );
    set(headers, ACCEPT_RANGES, "bytes");
    set(headers, CACHE_CONTROL, CACHE);
    set(headers, CONTENT_SECURITY_POLICY, POLICY);
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(response)
}

fn unsatisfiable(size: u64) -> Response {
    let status = StatusCode::RANGE_NOT_SATISFIABLE;
    let detail = "the file is shorter than that";
    let mut response = Problem::of_http(status, "RANGE_NOT_SATISFIABLE", detail).into_response();
    set(
        response.headers_mut(),
        CONTENT_RANGE,
        &format!("bytes */{size}"),
    );
    response
}

fn matches(tags: &str, tag: &str) -> bool {
    let same = |one: &str| one.trim().trim_start_matches("W/") == tag;
    tags.trim() == "*" || tags.split(',').any(same)
}

fn content_type(mime_type: &str) -> String {
    match mime_type {
        "text/plain" => "text/plain; charset=utf-8".to_owned(),
        other => other.to_owned(),
    }
}

/// What browsers show and do not run is shown; all else is saved.
fn disposition(mime_type: &str, name: &str) -> String {
    let shown = SHOWN.contains(&mime_type)
        || mime_type.starts_with("video/")
        || mime_type.starts_with("audio/");
    let how = if shown { "inline" } else { "attachment" };
    if name.is_empty() {
        return how.to_owned();
    }
    // RFC 6266: the second one is for those who know it.
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " .-_()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let whole: String = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    });
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{disposition, matches};

    #[test]
    fn what_a_browser_would_run_is_saved_and_names_cannot_break_out() {
        assert_eq!(disposition("image/png", ""), "inline");
        for active in [
            "text/html",
            "image/svg+xml",
            "text/xml",
            "application/pdf",
            "text/plain",
        ] {
            assert_eq!(disposition(active, ""), "attachment", "{active}");
        }
        let evil = disposition("video/mp4", "a\"; filename=\"b.html\r\nä");
        assert_eq!(
            evil,
            "inline; filename=\"a__ filename__b.html___\"; \
             filename*=UTF-8''a%22%3B%20filename%3D%22b.html%0D%0A%C3%A4"
        );
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        assert!(matches("\"a\", W/\"b\"", "\"b\""));
        assert!(matches("*", "\"b\""));
        assert!(!matches("\"a\"", "\"b\""));
    }
}
