//! The gRPC face of changing rooms and their members.

use confab_ids::{RoomId, UserId};
use confab_proto::message as wire;
use confab_proto::message::room_service_server::RoomService;
use tonic::Request;

use super::{Answer, Rpc, answer, ask, to_its_end};
use crate::context::Context;
use crate::error::Error;
use crate::invalid::Invalid;
use crate::member::Role;
use crate::member::check::check;
use crate::room::change::{self, Changed};
use crate::room::see::see;
use crate::room::step::RoomAct;
use crate::room::{ImageUrl, Retention, RoomName};

/// How many members one call may add.
const MOST_ADDED: usize = 1_000;

#[tonic::async_trait]
impl RoomService for Rpc {
    async fn update_room(
        &self,
        request: Request<wire::UpdateRoomRequest>,
    ) -> Answer<wire::ChangeRoomResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let whose = whose(&request.user_id, &request.room_id)?;
            let mut acts = Vec::new();
            if let Some(name) = &request.name {
                acts.push(RoomAct::Rename(RoomName::parse(name)?));
            }
            if let Some(url) = request.image_url {
                acts.push(RoomAct::SetImage(ImageUrl::parse(url)?));
            }
            if let Some(wire::Retention { days, messages }) = request.retention {
                acts.push(RoomAct::SetRetention(Retention::parse(days, messages)?));
            }
            let changed = change::update(&context, whose, acts).await?;
            answered(&context, whose, changed).await
        };
        to_its_end(work).await
    }

    async fn add_members(
        &self,
        request: Request<wire::AddMembersRequest>,
    ) -> Answer<wire::ChangeRoomResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let whose = whose(&request.user_id, &request.room_id)?;
            let users = users(&request.member_ids)?;
            let changed = change::add(&context, whose, &users).await?;
            answered(&context, whose, changed).await
        };
        to_its_end(work).await
    }

    async fn remove_member(
        &self,
        request: Request<wire::RemoveMemberRequest>,
    ) -> Answer<wire::ChangeRoomResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let whose = whose(&request.user_id, &request.room_id)?;
            let target = member(&request.member_id)?;
            let changed = change::remove(&context, whose, target).await?;
            answered(&context, whose, changed).await
        };
        to_its_end(work).await
    }

    async fn set_member_role(
        &self,
        request: Request<wire::SetMemberRoleRequest>,
    ) -> Answer<wire::ChangeRoomResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let whose = whose(&request.user_id, &request.room_id)?;
            let target = member(&request.member_id)?;
            let role = match request.role() {
                wire::Role::Owner => Role::Owner,
                wire::Role::Admin => Role::Admin,
                wire::Role::Member => Role::Member,
                wire::Role::Unspecified => {
                    return Err(Invalid::Members("which role is not said").into());
                }
            };
            let changed = change::set_role(&context, whose, target, role).await?;
            answered(&context, whose, changed).await
        };
        to_its_end(work).await
    }

    async fn mute_room(
        &self,
        request: Request<wire::MuteRoomRequest>,
    ) -> Answer<wire::MuteRoomResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, room) = whose(&request.user_id, &request.room_id)?;
            check(&context, room, user).await?;
            context
                .store
                .mute(room, user, request.until_ms.max(0))
                .await?;
            Ok(wire::MuteRoomResponse {
                room: Some(answer::room(see(&context, user, room).await?)),
            })
        };
        to_its_end(work).await
    }
}

fn whose(user: &str, room: &str) -> Result<(UserId, RoomId), Error> {
    Ok((ask::user(user)?, ask::room(room)?))
}

fn member(id: &str) -> Result<UserId, Error> {
    id.parse().map_err(|_| Error::MemberNotFound)
}

/// Each user once.
fn users(ids: &[String]) -> Result<Vec<UserId>, Invalid> {
    if !(1..=MOST_ADDED).contains(&ids.len()) {
        return Err(Invalid::Members("1 to 1000 members can be added at once"));
    }
    let users: Result<Vec<UserId>, _> = ids.iter().map(|id| id.parse()).collect();
    let mut users = users.map_err(|_| Invalid::Members("a member's id is 24 hex digits"))?;
    users.sort_unstable();
    users.dedup();
    Ok(users)
}

async fn answered(
    context: &Context,
    (user, room): (UserId, RoomId),
    changed: Changed,
) -> Result<wire::ChangeRoomResponse, Error> {
    let view = match see(context, user, room).await {
        Ok(view) => Some(answer::room(view)),
        Err(Error::RoomNotFound) => None,
        Err(error) => return Err(error),
    };
    Ok(wire::ChangeRoomResponse {
        room: view,
        notes: super::message::shown(context, changed.notes).await?,
        added_ids: changed.added.iter().map(ToString::to_string).collect(),
        joined_rev: changed.joined_rev,
    })
}
