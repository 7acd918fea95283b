//! Uploads as native clients see them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use confab_ids::MediaId;
use confab_proto::message::{Media, MediaState};
use serde::Serialize;
use utoipa::ToSchema;

use super::rfc3339;
use crate::contract::words::{AnyId, Time};
use crate::media::direct::Expected;
use crate::media::links::Signed;

/// An upload.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Media)]
pub struct MediaView<'a> {
    #[schema(value_type = AnyId)]
    pub id: &'a str,
    /// What to name as an avatar or a room's image.
    pub url: String,
    /// If it is an image that could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub thumbnail_url: Option<String>,
    /// `pending` or `ready`.
    pub state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    pub mime_type: Option<&'a str>,
    pub name: &'a str,
    /// In bytes.
    pub size: i64,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i32)]
    pub width: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i32)]
    pub height: Option<i32>,
    #[schema(value_type = Time)]
    pub created_at: Option<String>,
}

impl<'a> From<&'a Media> for MediaView<'a> {
    fn from(media: &'a Media) -> Self {
        let given = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let pixels = |side: i32| Some(side).filter(|side| *side > 0);
        let id: Option<MediaId> = media.id.parse().ok();
        Self {
            id: &media.id,
            url: id.map(MediaId::path).unwrap_or_default(),
            thumbnail_url: thumbnail_path(&media.id, media.width),
            state: match media.state() {
                MediaState::Ready => "ready",
                MediaState::Pending | MediaState::Unspecified => "pending",
            },
            mime_type: given(&media.mime_type),
            name: &media.name,
            size: media.size_bytes,
            width: pixels(media.width),
            height: pixels(media.height),
            created_at: rfc3339(media.created_at_ms),
        }
    }
}

/// Where an upload's thumbnail is; images have one if it is known how large they are.
pub fn thumbnail_path(id: &str, width: i32) -> Option<String> {
    let id: MediaId = id.parse().ok()?;
    (width > 0).then(|| format!("{}/thumbnail", id.path()))
}

/// An upload that may come now, and how.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExpectedMedia)]
pub struct ExpectedView<'a> {
    pub media: MediaView<'a>,
    pub upload: RequestView<'a>,
}

/// A request that the client is to make, without a token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UploadRequest)]
pub struct RequestView<'a> {
    pub method: &'static str,
    /// Absolute, or a path of the gateway.
    pub url: &'a str,
    pub headers: HeadersView,
    #[schema(value_type = Time)]
    pub expires_at: Option<String>,
}

/// Its headers; browsers send it by themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = UploadHeaders)]
pub struct HeadersView {
    #[serde(rename = "content-length")]
    pub content_length: String,
}

impl<'a> ExpectedView<'a> {
    /// An upload that may come for so long.
    pub fn new(expected: &'a Expected, ttl: Duration) -> Self {
        let until = SystemTime::now() + ttl;
        let until = until.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            media: MediaView::from(&expected.media),
            upload: RequestView {
                method: "PUT",
                url: &expected.url,
                headers: HeadersView {
                    content_length: expected.media.size_bytes.to_string(),
                },
                expires_at: rfc3339(i64::try_from(until.as_millis()).unwrap_or(i64::MAX)),
            },
        }
    }
}

/// Signed addresses.
#[derive(Serialize, ToSchema)]
#[schema(as = MediaUrlList)]
pub struct LinkList {
    pub urls: Vec<LinkView>,
}

/// The signed addresses of one upload.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MediaUrls)]
pub struct LinkView {
    #[schema(value_type = AnyId)]
    pub id: MediaId,
    pub url: String,
    pub thumbnail_url: String,
    #[schema(value_type = Time)]
    pub expires_at: Option<String>,
}

impl LinkView {
    /// One query signs for both.
    pub fn new(id: MediaId, signed: &Signed) -> Self {
        let (path, query) = (id.path(), signed.query());
        let expires_ms = signed.expires.saturating_mul(1_000);
        Self {
            id,
            url: format!("{path}?{query}"),
            thumbnail_url: format!("{path}/thumbnail?{query}"),
            expires_at: rfc3339(i64::try_from(expires_ms).unwrap_or(i64::MAX)),
        }
    }
}
