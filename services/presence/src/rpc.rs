//! The gRPC face: wire to typed command, verb, answer to wire.

use confab_fault::{Fault, Kind};
use confab_proto::presence as wire;
use confab_proto::presence::presence_service_server::PresenceService;
use tonic::{Request, Response, Status};

use crate::connection::{self, Connection};
use crate::context::Context;
use crate::error::Error;
use crate::lease::Gateway;
use crate::{lease, query};

/// Answers for presence.
pub struct Rpc {
    pub context: Context,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl PresenceService for Rpc {
    async fn connect(
        &self,
        request: Request<wire::ConnectRequest>,
    ) -> Answer<wire::ConnectResponse> {
        let request = request.into_inner();
        answer(async {
            let came = read(
                &request.user_id,
                &request.connection_id,
                &request.gateway_id,
            )?;
            let became_online = connection::connect(&self.context, &came).await?;
            Ok(wire::ConnectResponse { became_online })
        })
        .await
    }

    async fn disconnect(
        &self,
        request: Request<wire::DisconnectRequest>,
    ) -> Answer<wire::DisconnectResponse> {
        let request = request.into_inner();
        answer(async {
            let went = read(
                &request.user_id,
                &request.connection_id,
                &request.gateway_id,
            )?;
            let became_offline = connection::disconnect(&self.context, &went).await?;
            Ok(wire::DisconnectResponse { became_offline })
        })
        .await
    }

    async fn query(&self, request: Request<wire::QueryRequest>) -> Answer<wire::QueryResponse> {
        let texts = request.into_inner().user_ids;
        answer(async {
            if texts.len() > query::MOST_USERS {
                return Err(Error::UserIdsInvalid);
            }
            let users: Result<Vec<_>, _> = texts.iter().map(|text| text.parse()).collect();
            let users = users.map_err(|_| Error::UserIdsInvalid)?;
            let presences = query::query(&self.context, &users).await?;
            let presences = presences.into_iter().map(|presence| wire::Presence {
                user_id: presence.user.to_string(),
                online: presence.online == Some(true),
                connections: presence.connections,
                unknown: presence.online.is_none(),
            });
            Ok(wire::QueryResponse {
                presences: presences.collect(),
            })
        })
        .await
    }

    async fn renew_lease(
        &self,
        request: Request<wire::RenewLeaseRequest>,
    ) -> Answer<wire::RenewLeaseResponse> {
        let request = request.into_inner();
        answer(async {
            let gateway = Gateway {
                id: request.gateway_id.parse()?,
                relay_url: request.relay_url.parse()?,
            };
            let lease = lease::renew(&self.context, &gateway).await?;
            let gateways = lease.gateways.into_iter().map(|gateway| wire::Gateway {
                id: gateway.id.to_string(),
                relay_url: gateway.relay_url.to_string(),
            });
            Ok(wire::RenewLeaseResponse {
                gateways: gateways.collect(),
                ttl_seconds: i64::try_from(lease.ttl.as_secs()).unwrap_or(i64::MAX),
                taken: lease.taken,
            })
        })
        .await
    }

    async fn release_lease(
        &self,
        request: Request<wire::ReleaseLeaseRequest>,
    ) -> Answer<wire::ReleaseLeaseResponse> {
        let request = request.into_inner();
        answer(async {
            lease::release(&self.context, &request.gateway_id.parse()?).await?;
            Ok(wire::ReleaseLeaseResponse {})
        })
        .await
    }
}

fn read(user: &str, connection: &str, gateway: &str) -> Result<Connection, Error> {
    Ok(Connection {
        user: user.parse()?,
        id: connection.parse()?,
        gateway: gateway.parse()?,
    })
}

/// Where an error stops travelling here: it is logged, and its public side goes out.
async fn answer<T>(verb: impl Future<Output = Result<T, Error>>) -> Answer<T> {
    verb.await.map(Response::new).map_err(|error| {
        let fault = Fault::from(&error);
        match fault.kind() {
            Kind::Internal => tracing::error!(%error, "a call failed"),
            Kind::Unavailable => tracing::warn!(%error, "a call could not be answered"),
            _ => tracing::debug!(%error, "a call was refused"),
        }
        Status::from(fault)
    })
}
