//! The search of the message-store service. It is slow by nature, and has a window of its own: many searches
//! must not look as if messages could not be sent.

use confab_proto::message::search_service_client::SearchServiceClient;
use confab_proto::message::{SearchMessagesRequest, SearchMessagesResponse};

use super::{Line, QUICK, calls};

/// Search in messages.
#[derive(Clone)]
pub struct Search(pub Line);

impl Search {
    calls! { SearchServiceClient:
        search_messages(SearchMessagesRequest) -> SearchMessagesResponse, QUICK;
    }
}
