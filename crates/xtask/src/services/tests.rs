//! What each service is told.

use super::*;

fn plan(extra: &[(String, String)]) -> Vec<Service> {
    let plan = Plan {
        ports: Ports::new(7400).unwrap(),
        shape: Shape {
            gateways: 2,
            message_stores: 2,
        },
        mongo: "mongodb://m",
        redis: "redis://r",
        media: "/data/media",
        extra,
    };
    let mut services = plan.backends();
    services.extend(plan.gateways());
    services
}

/// The last value wins, as in `Command::envs`.
fn value<'a>(service: &'a Service, name: &str) -> Option<&'a str> {
    let pairs = service.environment.iter().rev();
    pairs
        .into_iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

#[test]
fn every_replica_is_started_once_and_backends_come_first() {
    let names: Vec<_> = plan(&[]).into_iter().map(|service| service.name).collect();
    let expected = [
        "auth",
        "message-store-0",
        "message-store-1",
        "presence",
        "gateway-0",
        "gateway-1",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_gateway_knows_every_message_store_and_its_own_address() {
    let services = plan(&[]);
    let gateway = services.last().unwrap();
    let stores = "http://127.0.0.1:7440,http://127.0.0.1:7441";
    assert_eq!(value(gateway, "MESSAGE_STORE_URL"), Some(stores));
    assert_eq!(value(gateway, "HTTP_ADDR"), Some("127.0.0.1:7401"));
    assert_eq!(value(gateway, "RELAY_URL"), Some("http://127.0.0.1:7401"));
    assert_eq!(value(gateway, "MONGODB_URI"), None);
    assert_eq!(value(gateway, "MEDIA_STORE"), Some("/data/media"));
}

#[test]
fn what_the_person_sets_wins_over_our_choice_in_every_service() {
    let services = plan(&[("BCRYPT_COST".to_owned(), "4".to_owned())]);
    assert!(
        services
            .iter()
            .all(|service| value(service, "BCRYPT_COST") == Some("4"))
    );
}
