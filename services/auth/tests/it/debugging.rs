//! What grpcurl and probes ask.

use tokio_stream::StreamExt as _;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};

use crate::service::{Service, channel};

async fn reflects(service: &Service, ask: MessageRequest) -> MessageResponse {
    let mut client = ServerReflectionClient::new(channel(format!("http://{}", service.grpc)).await);
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(ask),
    };
    let stream = client
        .server_reflection_info(tokio_stream::once(request))
        .await
        .unwrap();
    let answer: ServerReflectionResponse = stream.into_inner().next().await.unwrap().unwrap();
    answer.message_response.unwrap()
}

#[tokio::test]
async fn reflection_lists_and_describes_the_service() {
    let service = Service::start().await;
    let listed = reflects(&service, MessageRequest::ListServices(String::new())).await;
    let MessageResponse::ListServicesResponse(listed) = listed else {
        panic!("{listed:?}")
    };
    let names: Vec<_> = listed
        .service
        .iter()
        .map(|service| &*service.name)
        .collect();
    assert!(names.contains(&"confab.auth.v1.AuthService"), "{names:?}");
    let ask = MessageRequest::FileContainingSymbol("confab.auth.v1.AuthService.SignUp".to_owned());
    let MessageResponse::FileDescriptorResponse(files) = reflects(&service, ask).await else {
        panic!("no description")
    };
    assert!(!files.file_descriptor_proto.is_empty());
}

#[tokio::test]
async fn health_and_probes_say_that_it_serves() {
    let service = Service::start().await;
    let mut client = HealthClient::new(channel(format!("http://{}", service.grpc)).await);
    for name in ["", "confab.auth.v1.AuthService"] {
        let request = HealthCheckRequest {
            service: name.to_owned(),
        };
        let answer = client.check(request).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{name}");
    }
    assert!(
        service
            .asks_admin("/livez")
            .await
            .starts_with("HTTP/1.1 200")
    );
    assert!(
        service
            .asks_admin("/readyz")
            .await
            .starts_with("HTTP/1.1 200")
    );
}
