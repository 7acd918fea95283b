use super::{Answer, Delivery, Packet, Refusal, connect, read, send};

const MESSAGE: &str = r#"42["message:receive",{"id":"0102030405060708090a0b0c","roomId":"aaaaaaaaaaaaaaaaaaaaaaaa","seq":17,"rev":21,"from":"bbbbbbbbbbbbbbbbbbbbbbbb","sender":{"id":"bbbbbbbbbbbbbbbbbbbbbbbb","username":"ann","displayName":null,"avatarUrl":null},"type":"text","content":"due=123456;xxx","clientMessageId":"1-2","createdAt":"2026-11-21T00:00:00.000Z"}]"#;

#[test]
fn a_message_gives_its_room_sender_number_and_due_time() {
    let delivery = Delivery {
        room: "aaaaaaaaaaaaaaaaaaaaaaaa",
        from: "bbbbbbbbbbbbbbbbbbbbbbbb",
        seq: 17,
        rev: 21,
        id: "1-2",
        due: Some(123_456),
    };
    assert_eq!(read(MESSAGE), Packet::Message(delivery));
}

#[test]
fn the_order_of_the_fields_does_not_matter() {
    let text =
        r#"42["message:receive",{"content":"due=9;","from":"b","seq":3,"rev":4,"roomId":"a"}]"#;
    let Packet::Message(delivery) = read(text) else {
        panic!("{text} is a message");
    };
    assert_eq!(
        (delivery.room, delivery.seq, delivery.due),
        ("a", 3, Some(9))
    );
}

#[test]
fn a_content_that_looks_like_a_field_is_not_taken_for_one() {
    let text = r#"42["message:receive",{"content":"\"seq\":99,","roomId":"a","from":"b","seq":3,"rev":4}]"#;
    let Packet::Message(delivery) = read(text) else {
        panic!("{text} is a message");
    };
    assert_eq!((delivery.seq, delivery.due), (3, None));
}

#[test]
fn a_message_without_a_number_is_strange() {
    let text = r#"42["message:receive",{"roomId":"a","from":"b","content":"x"}]"#;
    assert_eq!(read(text), Packet::Strange(text));
}

#[test]
fn an_ack_gives_the_number_of_its_event_and_of_the_message() {
    let text = r#"4317[{"ok":true,"message":{"id":"x","roomId":"a","seq":4,"rev":9}}]"#;
    assert_eq!(read(text), Packet::Ack(17, Answer::Sent(4)));
}

#[test]
fn a_refusal_gives_its_code() {
    let text = r#"430[{"ok":false,"error":{"code":"ROOM_NOT_FOUND","message":"no","traceId":""}}]"#;
    let refusal = Refusal {
        code: "ROOM_NOT_FOUND",
        retry_after_ms: None,
    };
    assert_eq!(read(text), Packet::Ack(0, Answer::Refused(refusal)));
}

#[test]
fn a_refusal_for_a_while_says_how_long() {
    let text = r#"430[{"ok":false,"error":{"code":"OVERLOADED","retryAfterMs":250,"traceId":""}}]"#;
    let refusal = Refusal {
        code: "OVERLOADED",
        retry_after_ms: Some(250),
    };
    assert_eq!(read(text), Packet::Ack(0, Answer::Refused(refusal)));
}

#[test]
fn the_packets_of_a_handshake_are_told_apart() {
    assert_eq!(read(r#"0{"sid":"x","upgrades":[]}"#), Packet::Open);
    assert_eq!(read(r#"40{"sid":"x"}"#), Packet::Connected);
    assert_eq!(
        read(r#"44{"message":"no"}"#),
        Packet::Refused(r#"{"message":"no"}"#)
    );
    assert_eq!(read(r#"42["ready",{"rooms":[]}]"#), Packet::Ready);
    assert_eq!(read("2"), Packet::Ping);
    assert_eq!(read("41"), Packet::Closing("41"));
    assert_eq!(read(r#"42["typing",{}]"#), Packet::Other);
}

#[test]
fn what_is_sent_is_json_of_the_asked_size() {
    let text = send(5, "aa", "id-1", 42, 100);
    let payload = text
        .strip_prefix("425")
        .expect("an event with the number 5");
    let event: serde_json::Value = serde_json::from_str(payload).unwrap();
    assert_eq!(event[0], "message:send");
    assert_eq!(event[1]["roomId"], "aa");
    assert_eq!(event[1]["clientMessageId"], "id-1");
    let content = event[1]["content"].as_str().unwrap();
    assert_eq!(content.len(), 100);
    assert!(content.starts_with("due=42;"));
    assert_eq!(
        connect("a.b", r#"{"r":4}"#),
        r#"40{"token":"a.b","cursors":{"r":4}}"#
    );
}
