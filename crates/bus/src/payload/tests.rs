use confab_proto::event::Event;
use prost::Message as _;

use super::{encode, origin};

#[test]
fn the_origin_is_read_without_decoding_and_with() {
    let event = Event {
        traceparent: "t".into(),
        ..Event::default()
    };
    let payload = encode(0x0102_0304_0506_0708, &event);
    assert_eq!(origin(&payload), Some(0x0102_0304_0506_0708));
    let decoded = Event::decode(payload).unwrap();
    assert_eq!(
        (decoded.origin, decoded.traceparent.as_str()),
        (0x0102_0304_0506_0708, "t")
    );
}

#[test]
fn a_payload_of_somebody_else_has_no_origin_in_front() {
    let event = Event {
        traceparent: "t".into(),
        ..Event::default()
    };
    for payload in [Vec::new(), vec![0x79, 1, 2], event.encode_to_vec()] {
        assert_eq!(origin(&payload), None, "{payload:?}");
    }
}
