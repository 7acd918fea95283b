use std::net::IpAddr;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{ClientAddress, ProxyHeader, TrustedProxies, network};

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
    let name = HeaderName::from_static(name);
    let lines = lines
        .iter()
        .map(|line| (name.clone(), HeaderValue::from_str(line).unwrap()));
    lines.collect()
}

fn trusting(networks: &[&str], header: ProxyHeader) -> TrustedProxies {
    let networks: Vec<_> = networks.iter().map(|text| (*text).to_owned()).collect();
    TrustedProxies::new(&networks, header)
}

fn client(trusted: &[&str], peer: &str, lines: &[&str]) -> String {
    let proxies = trusting(trusted, ProxyHeader::XForwardedFor);
    let found = proxies.client(address(peer), &headers("x-forwarded-for", lines));
    found.0.to_string()
}

#[test]
fn who_is_not_trusted_cannot_say_that_they_are_somebody_else() {
    assert_eq!(client(&[], "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    assert_eq!(
        client(&["10.0.0.0/8"], "203.0.113.9", &["198.51.100.1"]),
        "203.0.113.9"
    );
}

#[test]
fn the_last_address_that_no_proxy_of_ours_has_is_the_clients() {
    let ours = ["10.0.0.0/8", "fd00::/8"];
    assert_eq!(client(&ours, "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    // What stands before it, the client made up.
    assert_eq!(
        client(&ours, "10.0.0.1", &["6.6.6.6, 198.51.100.1"]),
        "198.51.100.1"
    );
    assert_eq!(
        client(&ours, "10.0.0.1", &["6.6.6.6,198.51.100.1, 10.1.2.3"]),
        "198.51.100.1"
    );
    assert_eq!(
        client(&ours, "10.0.0.1", &["6.6.6.6", "198.51.100.1", "10.1.2.3"]),
        "198.51.100.1"
    );
    assert_eq!(client(&ours, "fd00::1", &["2001:db8::7"]), "2001:db8::7");
    assert_eq!(
        client(&ours, "::ffff:10.0.0.1", &["::ffff:198.51.100.1"]),
        "198.51.100.1"
    );
}

#[test]
fn what_cannot_be_read_is_where_believing_ends() {
    let ours = ["10.0.0.0/8"];
    assert_eq!(client(&ours, "10.0.0.1", &[]), "10.0.0.1");
    assert_eq!(
        client(&ours, "10.0.0.1", &["198.51.100.1, unknown"]),
        "10.0.0.1"
    );
    assert_eq!(
        client(&ours, "10.0.0.1", &["198.51.100.1, , 10.0.0.2"]),
        "10.0.0.2"
    );
    assert_eq!(client(&ours, "10.0.0.1", &[""]), "10.0.0.1");
    // All of them ours: the first of all is as far as it can be followed.
    let many = vec!["10.0.0.3"; 5_000].join(",");
    assert_eq!(client(&ours, "10.0.0.1", &[&many]), "10.0.0.3");
}

#[test]
fn only_the_header_that_the_proxies_write_is_read() {
    let proxies = trusting(&["10.0.0.0/8"], ProxyHeader::Forwarded);
    let found = |line: &str| {
        let mut said = headers("forwarded", &[line]);
        said.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6"));
        proxies.client(address("10.0.0.1"), &said).0.to_string()
    };
    assert_eq!(found("for=198.51.100.1;proto=https"), "198.51.100.1");
    assert_eq!(
        found("for=6.6.6.7, proto=http; For=\"198.51.100.1:4711\""),
        "198.51.100.1"
    );
    assert_eq!(found("for=\"[2001:db8::7]:4711\""), "2001:db8::7");
    assert_eq!(found("for=_hidden"), "10.0.0.1");
}

#[test]
fn ports_are_left_out() {
    let ours = ["10.0.0.1"];
    for (said, meant) in [
        ("198.51.100.1:80", "198.51.100.1"),
        ("[2001:db8::7]:80", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
    ] {
        assert_eq!(client(&ours, "10.0.0.1", &[said]), meant);
    }
}

#[test]
fn a_whole_64_of_ipv6_is_one_client() {
    let network = |text| ClientAddress(address(text)).network().to_string();
    assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    assert_eq!(network("2001:db8:1:2:ffff::"), "2001:db8:1:2::");
    assert_ne!(network("2001:db8:1:3::1"), "2001:db8:1:2::");
    assert_eq!(network("198.51.100.1"), "198.51.100.1");
}

#[test]
fn a_network_is_an_address_with_or_without_its_length() {
    for text in ["10.0.0.0/8", "10.0.0.1", "fd00::/8", "::1", " 127.0.0.0/8 "] {
        assert!(network(text).is_some(), "{text}");
    }
    for text in ["", "10.0.0.0/33", "10.0.0/8", "localhost", "*"] {
        assert!(network(text).is_none(), "{text}");
    }
}

#[test]
fn a_proxy_that_is_not_trusted_is_told_of_once() {
    let proxies = trusting(&["10.0.0.0/8"], ProxyHeader::XForwardedFor);
    let said = headers("x-forwarded-for", &["198.51.100.1"]);
    assert!(!proxies.contradicts_first(address("10.0.0.1"), &said));
    assert!(!proxies.contradicts_first(address("172.16.0.1"), &HeaderMap::new()));
    assert!(proxies.contradicts_first(address("172.16.0.1"), &said));
    assert!(!proxies.contradicts_first(address("172.16.0.1"), &said));
}
