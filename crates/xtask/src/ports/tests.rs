//! No two processes on one port, and a clear word when one is taken.

use super::*;
use std::collections::BTreeSet;

const LARGEST: Shape = Shape {
    gateways: MAX_GATEWAYS,
    message_stores: MAX_MESSAGE_STORES,
};

#[test]
fn no_two_processes_of_the_largest_cluster_share_a_port() {
    let ports = Ports::new(7400).unwrap();
    let mut all: Vec<u16> = ports.needs(LARGEST).iter().map(|(port, _)| *port).collect();
    all.extend([ports.redis(), ports.mongo()]);
    assert_eq!(all.len(), 4 + 3 * 10 + 2 * 5 + 2);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
}

#[test]
fn the_ports_are_those_of_the_readme() {
    let ports = Ports::new(7400).unwrap();
    assert_eq!(
        (
            ports.gateway_http(1),
            ports.gateway_grpc(1),
            ports.gateway_admin(1)
        ),
        (7401, 7411, 7421)
    );
    assert_eq!((ports.auth_grpc(), ports.auth_admin()), (7430, 7435));
    assert_eq!(
        (ports.message_store_grpc(2), ports.message_store_admin(2)),
        (7442, 7447)
    );
    assert_eq!(
        (ports.presence_grpc(), ports.presence_admin()),
        (7450, 7455)
    );
    assert_eq!((ports.redis(), ports.mongo()), (7460, 7461));
}

#[test]
fn a_base_whose_last_port_would_not_exist_is_refused() {
    assert!(Ports::new(u16::MAX - LAST).is_ok());
    assert!(Ports::new(u16::MAX - LAST + 1).is_err());
    assert!(Ports::new(80).is_err());
}

#[test]
fn a_taken_port_is_named_with_who_needs_it_and_the_flag_to_use() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let refusal = check_free(&[(port, "gateway-0 (HTTP)".to_owned())])
        .unwrap_err()
        .to_string();
    for part in [port.to_string().as_str(), "gateway-0 (HTTP)", "--port-base"] {
        assert!(refusal.contains(part), "{part} is missing in: {refusal}");
    }
}
