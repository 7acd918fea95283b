//! The gRPC face of searching.

use confab_proto::message::search_service_server::SearchService;
use confab_proto::message::{SearchMessagesRequest, SearchMessagesResponse};
use tonic::Request;

use super::{Answer, Rpc, ask, to_its_end};
use crate::error::Error;
use crate::search::{self, Search, Terms};

#[tonic::async_trait]
impl SearchService for Rpc {
    async fn search_messages(
        &self,
        request: Request<SearchMessagesRequest>,
    ) -> Answer<SearchMessagesResponse> {
        let context = self.context.clone();
        let work = async move {
            let search = search_of(&request.into_inner())?;
            let found = search::find::find(&context, &search).await?;
            Ok(SearchMessagesResponse {
                messages: super::message::shown(&context, found.messages).await?,
                next_cursor: found.next.map(|id| id.to_string()).unwrap_or_default(),
            })
        };
        to_its_end(work).await
    }
}

fn search_of(request: &SearchMessagesRequest) -> Result<Search, Error> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Search {
        user: ask::user(&request.user_id)?,
        terms: Terms::parse(&request.query)?,
        room: given(&request.room_id)
            .map(|id| ask::room(&id))
            .transpose()?,
        from: given(&request.from_user_id)
            .map(|id| ask::user(&id))
            .transpose()?,
        since_ms: (request.since_ms > 0).then_some(request.since_ms),
        until_ms: (request.until_ms > 0).then_some(request.until_ms),
        before: given(&request.cursor)
            .map(|id| ask::message_id(&id))
            .transpose()?,
        limit: ask::limit(request.limit, 20, 100)?,
    })
}
