//! Garbage is refused by name, and the service lives on.

use confab_fault::{Fault, Kind};
use confab_ids::UserId;
use confab_proto::presence::{
    ConnectRequest, DisconnectRequest, QueryRequest, ReleaseLeaseRequest, RenewLeaseRequest,
};
use confab_testkit::Redis;
use tonic::Status;

use crate::replica::Replica;

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(answer: Result<T, Status>, reason: &str) {
    let fault = Fault::from(answer.expect_err("garbage was accepted"));
    assert_eq!((fault.kind(), fault.reason()), (Kind::Invalid, reason));
}

#[tokio::test]
async fn a_socket_with_a_malformed_field_is_refused_by_the_fields_name() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let (user, long) = (UserId::generate().to_string(), "x".repeat(65));
    for (user_id, connection_id, gateway_id, reason) in [
        ("", "s", "g", "USER_ID_INVALID"),
        ("me", "s", "g", "USER_ID_INVALID"),
        ("zzzzzzzzzzzzzzzzzzzzzzzz", "s", "g", "USER_ID_INVALID"),
        (&user, "", "g", "CONNECTION_ID_INVALID"),
        (&user, "a b", "g", "CONNECTION_ID_INVALID"),
        (&user, "é", "g", "CONNECTION_ID_INVALID"),
        (&user, &long, "g", "CONNECTION_ID_INVALID"),
        (&user, "s", "", "GATEWAY_ID_INVALID"),
        (&user, "s", "g:1", "GATEWAY_ID_INVALID"),
        (&user, "s", &long, "GATEWAY_ID_INVALID"),
    ] {
        let (user_id, connection_id, gateway_id) = (
            user_id.to_owned(),
            connection_id.to_owned(),
            gateway_id.to_owned(),
        );
        let connect = ConnectRequest {
            user_id: user_id.clone(),
            connection_id: connection_id.clone(),
            gateway_id: gateway_id.clone(),
        };
        assert_refused(replica.client.clone().connect(connect).await, reason);
        let disconnect = DisconnectRequest {
            user_id,
            connection_id,
            gateway_id,
        };
        assert_refused(replica.client.clone().disconnect(disconnect).await, reason);
    }
    assert!(replica.connects(UserId::generate(), "s", "g").await);
}

#[tokio::test]
async fn a_query_for_too_many_or_for_nonsense_is_refused() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let many = (0..1_001).map(|_| UserId::generate().to_string()).collect();
    let mixed = vec![UserId::generate().to_string(), "nobody".to_owned()];
    for user_ids in [many, mixed, vec![String::new()]] {
        let answer = replica
            .client
            .clone()
            .query(QueryRequest { user_ids })
            .await;
        assert_refused(answer, "USER_IDS_INVALID");
    }
}

#[tokio::test]
async fn a_lease_without_a_proper_name_or_address_is_refused() {
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    for (gateway_id, relay_url, reason) in [
        ("", "http://h:1", "GATEWAY_ID_INVALID"),
        ("a b", "http://h:1", "GATEWAY_ID_INVALID"),
        ("g", "", "RELAY_URL_INVALID"),
        ("g", "h:1", "RELAY_URL_INVALID"),
        ("g", "http://h:1/path", "RELAY_URL_INVALID"),
        ("g", "file:///etc/passwd", "RELAY_URL_INVALID"),
    ] {
        let request = RenewLeaseRequest {
            gateway_id: gateway_id.to_owned(),
            relay_url: relay_url.to_owned(),
        };
        assert_refused(replica.client.clone().renew_lease(request).await, reason);
    }
    let release = ReleaseLeaseRequest {
        gateway_id: "a b".to_owned(),
    };
    assert_refused(
        replica.client.clone().release_lease(release).await,
        "GATEWAY_ID_INVALID",
    );
}

#[tokio::test]
async fn foreign_data_under_our_keys_is_our_defect_and_not_the_callers() {
    use fred::interfaces::KeysInterface as _;
    let redis = Redis::fresh();
    let replica = Replica::start(&redis).await;
    let user = UserId::generate();
    let key = format!("{}user:sockets:{user}", redis.prefix);
    let () = redis
        .open()
        .await
        .set(key, "not a set", None, None, false)
        .await
        .unwrap();
    let request = QueryRequest {
        user_ids: vec![user.to_string()],
    };
    let fault = Fault::from(replica.client.clone().query(request).await.unwrap_err());
    assert_eq!((fault.kind(), fault.reason()), (Kind::Internal, "INTERNAL"));
    assert!(!fault.detail().contains("WRONGTYPE"), "{fault}");
}
