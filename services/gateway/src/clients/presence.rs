//! The presence service.

use confab_chassis::grpc::Peers;
use confab_proto::presence::presence_service_client::PresenceServiceClient;
use confab_proto::presence::{
    ConnectRequest, ConnectResponse, DisconnectRequest, DisconnectResponse, QueryRequest,
    QueryResponse, ReleaseLeaseRequest, ReleaseLeaseResponse, RenewLeaseRequest,
    RenewLeaseResponse,
};

use super::{QUICK, calls};

/// Who is online, and which gateways live.
#[derive(Clone)]
pub struct Presence(pub Peers);

impl Presence {
    calls! { PresenceServiceClient:
        connect(ConnectRequest) -> ConnectResponse, QUICK;
        disconnect(DisconnectRequest) -> DisconnectResponse, QUICK;
        query(QueryRequest) -> QueryResponse, QUICK;
        renew_lease(RenewLeaseRequest) -> RenewLeaseResponse, QUICK;
        release_lease(ReleaseLeaseRequest) -> ReleaseLeaseResponse, QUICK;
    }
}
