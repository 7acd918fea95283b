//! What any gRPC tool finds: reflection and health; and the stop.

use std::collections::BTreeSet;

use confab_testkit::Redis;
use tokio_stream::StreamExt as _;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::replica::Replica;

#[tokio::test]
async fn a_tool_without_our_protos_finds_the_service_and_its_health() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let channel = Channel::from_shared(replica.address.clone())
        .unwrap()
        .connect()
        .await
        .unwrap();

    let list = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut reflection = ServerReflectionClient::new(channel.clone());
    let answers = reflection
        .server_reflection_info(tokio_stream::once(list))
        .await
        .unwrap();
    let answer = answers.into_inner().next().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("not a list: {answer:?}");
    };
    let names: BTreeSet<_> = list
        .service
        .into_iter()
        .map(|service| service.name)
        .collect();
    assert!(
        names.contains("confab.presence.v1.PresenceService"),
        "{names:?}"
    );
    assert!(names.contains("grpc.health.v1.Health"), "{names:?}");

    let mut health = HealthClient::new(channel);
    for service in ["", "confab.presence.v1.PresenceService"] {
        let request = HealthCheckRequest {
            service: service.to_owned(),
        };
        let answer = health.check(request).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{service:?}");
    }
}

#[tokio::test]
async fn a_replica_that_is_asked_to_stop_stops() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    replica.renews("g").await;
    replica.stop().await;
}
