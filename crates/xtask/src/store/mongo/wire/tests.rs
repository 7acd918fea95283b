//! Bytes on the wire, against the published protocol.

use super::*;

#[test]
fn a_command_is_encoded_as_the_protocol_says() {
    let message = message(&[("hello", Value::Integer(1))]);
    let body = b"\x10\0\0\0\x10hello\0\x01\0\0\0\0";
    assert_eq!(message[..4], 37u32.to_le_bytes());
    assert_eq!(message[12..16], OP_MSG.to_le_bytes());
    assert_eq!(&message[21..], body);
}

#[test]
fn nested_documents_and_arrays_carry_their_own_length() {
    let member = Value::Document(vec![("_id", Value::Integer(0))]);
    let (kind, bytes) = encode(&Value::Only(Box::new(member)));
    assert_eq!(kind, 0x04);
    assert_eq!(bytes, b"\x16\0\0\0\x030\0\x0e\0\0\0\x10_id\0\0\0\0\0\0\0");
}

#[test]
fn fields_of_an_answer_are_found_by_name_kind_and_value() {
    let answer =
        Answer(b"\x08isWritablePrimary\0\x01\x10code\0\x17\0\0\0\x01ok\0\0\0\0\0\0\0\0\0".to_vec());
    assert!(answer.is_true("isWritablePrimary"));
    assert!(answer.has_code(23) && !answer.has_code(24));
    assert!(!answer.ok());
}
