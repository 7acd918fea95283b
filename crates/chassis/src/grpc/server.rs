//! A gRPC server with reflection, health, one span and one metric per call, and a drain.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

pub use tonic::service::Routes;

use super::layer::CallLayer;

/// How long the calls in flight may take after the stop: longer than any deadline of our callers but
/// that of hashing, which is bounded by itself.
const LAST_CALLS: Duration = Duration::from_secs(16);

/// A gRPC server that is bound and not yet serving.
pub struct GrpcServer {
    listener: TcpListener,
    address: SocketAddr,
    descriptors: &'static [u8],
    /// The services that reflection tells of: `descriptors` hold those of other servers too.
    names: Vec<&'static str>,
    routes: Routes,
    health: HealthReporter,
}

impl GrpcServer {
    /// Binds the port. Reflection will tell of the services that are added, which the encoded
    /// `descriptors` must describe, and of the health service.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub async fn bind(address: SocketAddr, descriptors: &'static [u8]) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("GRPC_ADDR: cannot listen on {address}"))?;
        let (health, health_service) = tonic_health::server::health_reporter();
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            descriptors,
            names: vec!["grpc.health.v1.Health"],
            routes: Routes::default().add_service(health_service),
            health,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a service and reports it healthy.
    #[must_use]
    pub async fn add<S>(mut self, service: S) -> Self
    where
        S: tower::Service<
                http::Request<tonic::body::Body>,
                Response = http::Response<tonic::body::Body>,
                Error = std::convert::Infallible,
            > + NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        self.health.set_serving::<S>().await;
        self.names.push(S::NAME);
        self.routes = self.routes.add_service(service);
        self
    }

    /// Serves until `stop` is cancelled, then says that it is not serving and finishes the calls in
    /// flight.
    ///
    /// # Errors
    /// If the descriptors cannot be read or the listener fails.
    pub async fn serve(self, stop: CancellationToken) -> anyhow::Result<()> {
        let reflection = || {
            let builder = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(self.descriptors)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
            self.names
                .iter()
                .fold(builder, |builder, name| builder.with_service_name(*name))
        };
        let routes = self
            .routes
            .clone()
            .add_service(reflection().build_v1()?)
            // Older grpcurl releases know only this version.
            .add_service(reflection().build_v1alpha()?);
        let incoming = TcpIncoming::from(self.listener).with_nodelay(Some(true));
        let serving = Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(20)))
            .http2_keepalive_timeout(Some(Duration::from_secs(10)))
            // More parallel calls than one gateway has in flight; a bound all the same.
            .max_concurrent_streams(4_096)
            .layer(CallLayer)
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
        let leaving = async {
            stop.cancelled().await;
            for name in &self.names {
                self.health
                    .set_service_status(*name, ServingStatus::NotServing)
                    .await;
            }
            tokio::time::sleep(LAST_CALLS).await;
        };
        tokio::select! {
            served = serving => served.context("the gRPC server failed"),
            // What is open still are streams that their readers never end: of health, of reflection.
            () = leaving => Ok(()),
        }
    }
}
