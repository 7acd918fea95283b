//! The gRPC face of uploads.

use confab_ids::{MediaId, UserId};
use confab_proto::message as wire;
use confab_proto::message::media_service_server::MediaService;
use tonic::Request;

use super::{Answer, Rpc, ask, to_its_end};
use crate::error::Error;
use crate::invalid::Invalid;
use crate::media::begin::BeginMedia;
use crate::media::complete::Found;
use crate::media::{self, FileName, Media, MediaState, Thumbnail};

/// How many records one call looks at, or removes.
const MOST: usize = 1_000;

#[tonic::async_trait]
impl MediaService for Rpc {
    async fn begin_media(
        &self,
        request: Request<wire::BeginMediaRequest>,
    ) -> Answer<wire::BeginMediaResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, id) = whose(&request.user_id, &request.media_id)?;
            let command = BeginMedia {
                user,
                id,
                name: FileName::clean(&request.name),
                size_bytes: request.size_bytes.max(0),
                direct: request.direct,
            };
            let media = media::begin::begin(&context, command).await?;
            Ok(wire::BeginMediaResponse {
                media: Some(answer(media)),
            })
        };
        to_its_end(work).await
    }

    async fn complete_media(
        &self,
        request: Request<wire::CompleteMediaRequest>,
    ) -> Answer<wire::CompleteMediaResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let whose = whose(&request.user_id, &request.media_id)?;
            let media = media::complete::complete(&context, whose, found(request)).await?;
            Ok(wire::CompleteMediaResponse {
                media: Some(answer(media)),
            })
        };
        to_its_end(work).await
    }

    async fn discard_media(
        &self,
        request: Request<wire::DiscardMediaRequest>,
    ) -> Answer<wire::DiscardMediaResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, id) = whose(&request.user_id, &request.media_id)?;
            media::begin::discard(&context, user, id).await?;
            Ok(wire::DiscardMediaResponse {})
        };
        to_its_end(work).await
    }

    async fn get_media(
        &self,
        request: Request<wire::GetMediaRequest>,
    ) -> Answer<wire::GetMediaResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, id) = whose(&request.user_id, &request.media_id)?;
            let media = media::find::find(&context, user, id).await?;
            Ok(wire::GetMediaResponse {
                media: Some(answer(media)),
            })
        };
        to_its_end(work).await
    }

    async fn keep_avatar(
        &self,
        request: Request<wire::KeepAvatarRequest>,
    ) -> Answer<wire::KeepAvatarResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, id) = whose(&request.user_id, &request.media_id)?;
            media::avatar::keep(&context, user, id).await?;
            Ok(wire::KeepAvatarResponse {})
        };
        to_its_end(work).await
    }

    async fn release_avatars(
        &self,
        request: Request<wire::ReleaseAvatarsRequest>,
    ) -> Answer<wire::ReleaseAvatarsResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let user = ask::user(&request.user_id)?;
            let except = match request.except_media_id.as_str() {
                "" => None,
                id => Some(media_id(id)?),
            };
            media::avatar::release(&context, user, except).await?;
            Ok(wire::ReleaseAvatarsResponse {})
        };
        to_its_end(work).await
    }

    async fn take_orphans(
        &self,
        request: Request<wire::TakeOrphansRequest>,
    ) -> Answer<wire::TakeOrphansResponse> {
        let context = self.context.clone();
        let work = async move {
            let limit = ask::limit(request.into_inner().limit, 100, MOST)?;
            let orphans = media::orphan::take(&context, limit).await?;
            Ok(wire::TakeOrphansResponse {
                media_ids: orphans.ids.iter().map(ToString::to_string).collect(),
                examined: i32::try_from(orphans.examined).unwrap_or(i32::MAX),
            })
        };
        to_its_end(work).await
    }

    async fn remove_media(
        &self,
        request: Request<wire::RemoveMediaRequest>,
    ) -> Answer<wire::RemoveMediaResponse> {
        let context = self.context.clone();
        let work = async move {
            let ids = request.into_inner().media_ids;
            if ids.len() > MOST {
                return Err(Invalid::Limit("at most 1000 uploads at once").into());
            }
            let ids: Result<Vec<MediaId>, Error> = ids.iter().map(|id| media_id(id)).collect();
            context.store.remove_media(&ids?).await?;
            Ok(wire::RemoveMediaResponse {})
        };
        to_its_end(work).await
    }

    async fn share_url_key(
        &self,
        request: Request<wire::ShareUrlKeyRequest>,
    ) -> Answer<wire::ShareUrlKeyResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let key = media::key::share(&context, request.day, request.candidate).await?;
            Ok(wire::ShareUrlKeyResponse { key })
        };
        to_its_end(work).await
    }
}

fn whose(user: &str, media: &str) -> Result<(UserId, MediaId), Error> {
    Ok((ask::user(user)?, media_id(media)?))
}

/// An upload whose id is not an id is an upload that does not exist.
fn media_id(id: &str) -> Result<MediaId, Error> {
    id.parse().map_err(|_| Error::MediaNotFound)
}

fn found(request: wire::CompleteMediaRequest) -> Found {
    Found {
        mime_type: request.mime_type,
        size_bytes: request.size_bytes.max(0),
        width: request.width.max(0),
        height: request.height.max(0),
        thumbnail: request.thumbnail.map(|thumbnail| Thumbnail {
            mime_type: thumbnail.mime_type,
            size_bytes: thumbnail.size_bytes,
            width: thumbnail.width,
            height: thumbnail.height,
        }),
    }
}

fn answer(media: Media) -> wire::Media {
    let state = match media.state {
        MediaState::Pending => wire::MediaState::Pending,
        MediaState::Ready => wire::MediaState::Ready,
        MediaState::Doomed => wire::MediaState::Unspecified,
    };
    wire::Media {
        id: media.id.to_string(),
        owner_id: media.owner.to_string(),
        state: state.into(),
        mime_type: media.mime_type,
        name: media.name.as_str().to_owned(),
        size_bytes: media.size_bytes,
        width: media.width,
        height: media.height,
        thumbnail: media.thumbnail.map(|thumbnail| wire::Thumbnail {
            mime_type: thumbnail.mime_type,
            size_bytes: thumbnail.size_bytes,
            width: thumbnail.width,
            height: thumbnail.height,
        }),
        created_at_ms: media.created_at_ms,
    }
}
