use axum::body::Bytes;
use http::Uri;

use super::{SessionName, name};

fn uri(text: &'static str) -> Uri {
    Uri::from_static(text)
}

#[test]
fn an_open_packet_is_named_and_the_name_leads_back() {
    let packet =
        Bytes::from_static(br#"0{"sid":"AbC-_123","upgrades":["websocket"],"pingInterval":25000}"#);
    let named = name(&packet, "g7").unwrap();
    assert_eq!(
        &named[..],
        br#"0{"sid":"g7.AbC-_123","upgrades":["websocket"],"pingInterval":25000}"#
    );
    let request = uri("/socket.io/?EIO=4&transport=polling&sid=g7.AbC-_123&t=x");
    let session = SessionName::of(&request).unwrap();
    assert_eq!(
        (session.gateway.as_str(), session.session.as_str()),
        ("g7", "AbC-_123")
    );
    assert_eq!(
        session.unnamed(&request).unwrap(),
        uri("/socket.io/?EIO=4&transport=polling&sid=AbC-_123&t=x")
    );
}

#[test]
fn a_request_without_a_session_names_none() {
    assert_eq!(
        SessionName::of(&uri("/socket.io/?EIO=4&transport=polling")),
        None
    );
    assert_eq!(SessionName::of(&uri("/socket.io/")), None);
}

#[test]
fn an_id_without_a_name_belongs_to_nobody() {
    let session = SessionName::of(&uri("/socket.io/?EIO=4&sid=AbC")).unwrap();
    assert_eq!(session.gateway, "");
}

#[test]
fn what_is_not_an_open_packet_stays_as_it_is() {
    for packet in ["", "2", r#"{"code":0}"#, r#"0{"upgrades":[]}"#] {
        assert_eq!(name(&Bytes::from(packet), "g7"), None, "{packet:?}");
    }
}
