//! The gRPC face: wire to typed command, verb, answer to wire. Bad fields stop here, by name.

mod answer;
mod ask;
mod media;
mod message;
mod room_changes;
mod search;

use std::sync::Arc;

use confab_fault::{Fault, Kind};
use confab_proto::message::message_service_server::MessageService;
use confab_proto::message::{
    AdvanceCursorRequest, AdvanceCursorResponse, ChangeMessageResponse, CreateRoomRequest,
    CreateRoomResponse, DeleteMessageRequest, EditMessageRequest, GetMessageRequest,
    GetMessageResponse, GetRoomRequest, GetRoomResponse, ListChangesRequest, ListChangesResponse,
    ListEditsRequest, ListEditsResponse, ListHeadsRequest, ListHeadsResponse, ListMembersRequest,
    ListMembersResponse, ListMessagesRequest, ListMessagesResponse, ListPinsRequest,
    ListPinsResponse, ListReadersRequest, ListReadersResponse, ListReceiptsRequest,
    ListReceiptsResponse, ListRepliesRequest, ListRepliesResponse, ListRoomsRequest,
    ListRoomsResponse, PinMessageRequest, ReactToMessageRequest, SendMessageRequest,
    SendMessageResponse,
};
use tonic::{Request, Response, Status};
use tracing::Instrument as _;

use crate::context::Context;
use crate::error::Error;
use crate::room::create::{create_group, open_pair};
use crate::store::chain;
use crate::{member, receipt, room};

pub struct Rpc {
    context: Arc<Context>,
}

impl Rpc {
    #[must_use]
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl MessageService for Rpc {
    async fn create_room(&self, request: Request<CreateRoomRequest>) -> Answer<CreateRoomResponse> {
        let context = self.context.clone();
        let work = async move {
            let created = match ask::create_room(&request.into_inner())? {
                ask::CreateRoom::Group(party, name) => create_group(&context, party, name).await?,
                ask::CreateRoom::Pair(party) => open_pair(&context, party).await?,
            };
            Ok(answer::created(created))
        };
        to_its_end(work).await
    }

    async fn get_room(&self, request: Request<GetRoomRequest>) -> Answer<GetRoomResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, room) = (ask::user(&request.user_id)?, ask::room(&request.room_id)?);
            let view = room::see::see(&context, user, room).await?;
            Ok(GetRoomResponse {
                room: Some(answer::room(view)),
            })
        };
        to_its_end(work).await
    }

    async fn list_rooms(&self, request: Request<ListRoomsRequest>) -> Answer<ListRoomsResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let user = ask::user(&request.user_id)?;
            let most = room::list::MAX_ROOMS;
            let limit = ask::limit(request.limit, most, most)?;
            let after = match request.cursor.as_str() {
                "" => None,
                cursor => Some(room::list::Place::parse(cursor)?),
            };
            let rooms = room::list::list(&context, user, after, limit).await?;
            Ok(ListRoomsResponse {
                next_cursor: rooms
                    .next
                    .map(|place| place.to_string())
                    .unwrap_or_default(),
                total_unread: rooms.total_unread,
                rooms: rooms.views.into_iter().map(answer::room).collect(),
            })
        };
        to_its_end(work).await
    }

    async fn list_members(
        &self,
        request: Request<ListMembersRequest>,
    ) -> Answer<ListMembersResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, room) = (ask::user(&request.user_id)?, ask::room(&request.room_id)?);
            let limit = ask::limit(request.limit, 100, 1_000)?;
            let after = ask::after_user(&request.after_user_id)?;
            let page = member::list::list(&context, user, room, after, limit).await?;
            Ok(answer::members(page))
        };
        to_its_end(work).await
    }

    async fn send_message(
        &self,
        request: Request<SendMessageRequest>,
    ) -> Answer<SendMessageResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::send(&context, request.into_inner()).await }).await
    }

    async fn list_messages(
        &self,
        request: Request<ListMessagesRequest>,
    ) -> Answer<ListMessagesResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::list(&context, &request.into_inner()).await }).await
    }

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Answer<ListChangesResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::changes(&context, &request.into_inner()).await }).await
    }

    async fn get_message(&self, request: Request<GetMessageRequest>) -> Answer<GetMessageResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::get(&context, &request.into_inner()).await }).await
    }

    async fn list_replies(
        &self,
        request: Request<ListRepliesRequest>,
    ) -> Answer<ListRepliesResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::replies(&context, &request.into_inner()).await }).await
    }

    async fn list_edits(&self, request: Request<ListEditsRequest>) -> Answer<ListEditsResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::edits(&context, &request.into_inner()).await }).await
    }

    async fn list_pins(&self, request: Request<ListPinsRequest>) -> Answer<ListPinsResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::pins(&context, &request.into_inner()).await }).await
    }

    async fn edit_message(
        &self,
        request: Request<EditMessageRequest>,
    ) -> Answer<ChangeMessageResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::edit(&context, request.into_inner()).await }).await
    }

    async fn delete_message(
        &self,
        request: Request<DeleteMessageRequest>,
    ) -> Answer<ChangeMessageResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::delete(&context, &request.into_inner()).await }).await
    }

    async fn react_to_message(
        &self,
        request: Request<ReactToMessageRequest>,
    ) -> Answer<ChangeMessageResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::react(&context, request.into_inner()).await }).await
    }

    async fn pin_message(
        &self,
        request: Request<PinMessageRequest>,
    ) -> Answer<ChangeMessageResponse> {
        let context = self.context.clone();
        to_its_end(async move { message::pin(&context, &request.into_inner()).await }).await
    }

    async fn list_heads(&self, request: Request<ListHeadsRequest>) -> Answer<ListHeadsResponse> {
        let context = self.context.clone();
        let work = async move {
            let rooms = ask::rooms(&request.into_inner().room_ids)?;
            let heads = context.heads.exact(&rooms).await?;
            let heads = heads
                .into_iter()
                .map(|(room, head)| answer::head(room, head))
                .collect();
            Ok(ListHeadsResponse { heads })
        };
        to_its_end(work).await
    }

    async fn list_readers(
        &self,
        request: Request<ListReadersRequest>,
    ) -> Answer<ListReadersResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let user = ask::user(&request.user_id)?;
            let message = ask::message::message(&request.message_id)?;
            let limit = ask::limit(request.limit, 100, 1_000)?;
            let after = ask::after_user(&request.after_user_id)?;
            let whose = (user, message);
            let (readers, next) = receipt::readers::readers(&context, whose, after, limit).await?;
            Ok(answer::readers(&readers, next))
        };
        to_its_end(work).await
    }

    async fn list_receipts(
        &self,
        request: Request<ListReceiptsRequest>,
    ) -> Answer<ListReceiptsResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let (user, room) = (ask::user(&request.user_id)?, ask::room(&request.room_id)?);
            let receipts = receipt::list::list(&context, user, room).await?;
            Ok(answer::receipts(receipts))
        };
        to_its_end(work).await
    }

    async fn advance_cursor(
        &self,
        request: Request<AdvanceCursorRequest>,
    ) -> Answer<AdvanceCursorResponse> {
        let context = self.context.clone();
        let work = async move {
            let request = request.into_inner();
            let whose = (ask::user(&request.user_id)?, ask::room(&request.room_id)?);
            let (cursor, goal) = (ask::cursor(request.cursor())?, ask::goal(&request)?);
            let advanced = receipt::advance::advance(&context, whose, cursor, goal).await?;
            Ok(answer::advanced(advanced))
        };
        to_its_end(work).await
    }
}

/// Does what was asked to its end, even if the caller has gone meanwhile: a call of the store that is
/// dropped half-way costs its connection, and holds up those who wait for one.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Answer<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(outcome) => reply(outcome),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only the end of the process cancels tasks.
            Err(_) => reply(Err(Error::Stopping)),
        },
    }
}

/// Where an error stops travelling inside this service: it is logged, and the caller gets what is fit
/// for them.
fn reply<T>(outcome: Result<T, Error>) -> Answer<T> {
    outcome.map(Response::new).map_err(|error| {
        let fault = Fault::from(&error);
        match fault.kind() {
            Kind::Internal => tracing::error!(error = chain(&error), "a call failed"),
            Kind::Unavailable | Kind::Timeout => {
                tracing::warn!(error = chain(&error), "a call failed for now");
            }
            _ => tracing::debug!(%error, "a call was refused"),
        }
        Status::from(fault)
    })
}
