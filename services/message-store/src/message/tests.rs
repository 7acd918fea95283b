use confab_ids::{MessageId, RoomId, UserId};

use super::{Attachment, Body, ClientMessageId, Content, Message, MessageType, Preview};
use crate::invalid::Invalid;
use crate::log::{Record, What};

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
fn the_type_is_what_the_client_says_or_else_what_the_first_attachment_is() {
    let attached = |mime_type: &str| {
        [Attachment {
            mime_type: mime_type.to_owned(),
            ..Attachment::default()
        }]
    };
    assert_eq!(MessageType::parse("", &[]), Ok(MessageType::Text));
    assert_eq!(
        MessageType::parse("", &attached("image/png")),
        Ok(MessageType::Image)
    );
    assert_eq!(
        MessageType::parse("", &attached("video/mp4")),
        Ok(MessageType::Video)
    );
    assert_eq!(
        MessageType::parse("", &attached("audio/ogg")),
        Ok(MessageType::Audio)
    );
    assert_eq!(
        MessageType::parse("", &attached("application/pdf")),
        Ok(MessageType::File)
    );
    assert_eq!(
        MessageType::parse("file", &attached("image/png")),
        Ok(MessageType::File)
    );
    for bad in ["TEXT", "system", "change"] {
        assert_eq!(MessageType::parse(bad, &[]), Err(Invalid::MessageType));
    }
}

#[test]
fn a_preview_is_never_cut_within_a_character() {
    let record = Record {
        id: MessageId::generate(),
        room: RoomId::generate(),
        from: UserId::generate(),
        client_message_id: "a".to_owned(),
        rev: 1,
        seq: 1,
        at_ms: 1,
        what: What::Message(Body {
            content: "ÄÖ€𝄞".repeat(40),
            ..Body::default()
        }),
    };
    let preview = Preview::from(Message::new(record).unwrap());
    assert_eq!(preview.content, "ÄÖ€𝄞".repeat(25));
}

#[test]
fn an_attachment_is_an_upload_or_is_somewhere() {
    let at = |url: &str| Attachment {
        url: url.to_owned(),
        ..Attachment::default()
    };
    assert!(at("https://example.org/a.png").check().is_ok());
    for bad in [
        "",
        "javascript:alert(1)",
        "ftp://x",
        &format!("https://{}", "x".repeat(2_048)),
    ] {
        assert!(
            matches!(at(bad).check(), Err(Invalid::Attachment(_))),
            "{bad:?}"
        );
    }
}

#[test]
fn an_id_of_our_own_is_none_that_a_client_can_send() {
    let own = ClientMessageId::own("reply", "x");
    assert_ne!(own, ClientMessageId::own("reply", "y"));
    assert!(ClientMessageId::parse(own.into_text()).is_err());
}
