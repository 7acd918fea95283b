use super::{ClientMessageId, Content, MessageType};
use crate::invalid::Invalid;

#[test]
fn content_is_one_to_8192_bytes() {
    assert!(Content::parse("x".to_owned()).is_ok());
    assert!(Content::parse("x".repeat(8_192)).is_ok());
    assert!(Content::parse("x".repeat(8_193)).is_err());
    // 2,731 characters of three bytes each are one byte too many.
    assert!(Content::parse("€".repeat(2_730)).is_ok());
    assert!(Content::parse("€".repeat(2_731)).is_err());
}

#[test]
fn content_is_not_only_white_space() {
    for blank in ["", " ", "\n\t", "\u{3000}\u{a0}"] {
        assert!(
            matches!(Content::parse(blank.to_owned()), Err(Invalid::Content(_))),
            "{blank:?}"
        );
    }
}

#[test]
fn content_is_kept_as_it_was_typed() {
    let typed = "  two\n\nlines \u{0} 👩‍👩‍👧 ";
    assert_eq!(Content::parse(typed.to_owned()).unwrap().into_text(), typed);
}

#[test]
fn a_client_message_id_is_one_to_64_printable_ascii_characters() {
    for good in [
        "a",
        "~",
        " ",
        "7b0c7f0e-6a7e-4b2f-8f3e-1f0b7d6c5a4b",
        &"i".repeat(64),
    ] {
        assert_eq!(
            ClientMessageId::parse(good.to_owned()).unwrap().as_str(),
            good
        );
    }
    for bad in ["", &"i".repeat(65), "tab\t", "é", "\u{7f}", "nul\0"] {
        assert_eq!(
            ClientMessageId::parse(bad.to_owned()),
            Err(Invalid::ClientMessageId),
            "{bad:?}"
        );
    }
}

#[test]
fn text_is_the_only_type_and_the_default() {
    assert_eq!(MessageType::parse(""), Ok(MessageType::Text));
    assert_eq!(MessageType::parse("text"), Ok(MessageType::Text));
    assert_eq!(MessageType::parse("TEXT"), Err(Invalid::MessageType));
    assert_eq!(
        MessageType::parse(MessageType::Text.word()),
        Ok(MessageType::Text)
    );
}
