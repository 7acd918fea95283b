//! A stop finishes what has begun.

use confab_testkit::{Mongo, eventually};

use crate::service::{Service, somebody};

#[tokio::test]
async fn a_call_in_flight_is_finished_and_probes_say_that_no_more_are_wanted() {
    let service = Service::start_with(&Mongo::fresh(), &["--bcrypt-cost", "13"]).await;
    let mut client = service.client.clone();
    let signing_up = tokio::spawn(async move { client.sign_up(somebody("ann")).await });
    eventually("the password is being hashed", || async {
        let metrics = service.asks_admin("/metrics").await;
        metrics
            .contains("confab_auth_password_wait_duration_seconds_count")
            .then_some(())
    })
    .await;
    service.stop.cancel();
    eventually("the probe says not ready", || async {
        service
            .asks_admin("/readyz")
            .await
            .starts_with("HTTP/1.1 503")
            .then_some(())
    })
    .await;
    assert!(
        service
            .asks_admin("/livez")
            .await
            .starts_with("HTTP/1.1 200")
    );
    let answer = signing_up.await.unwrap().unwrap().into_inner();
    assert_eq!(answer.user.unwrap().username, "ann");
    service.done.await.unwrap().unwrap();
    assert!(
        Service::reaches(service.grpc).await.is_err(),
        "the port is closed"
    );
}
