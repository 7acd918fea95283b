use std::sync::Arc;
use std::time::Duration;

use confab_ids::{RoomId, UserId};
use confab_proto::event::MessageAppended;
use confab_proto::message::Message;

use super::{Encoded, News};
use crate::dialect::Dialect;
use crate::media::links::Links;

fn encoded() -> Encoded {
    let (ann, bob) = (UserId::generate(), UserId::generate());
    let message = Message {
        from: ann.to_string(),
        content: "Hello!".to_owned(),
        rev: 1,
        appended_rev: 1,
        ..Message::default()
    };
    let appended = MessageAppended {
        message: Some(message),
        sender: None,
    };
    let links = Arc::new(Links::new(Duration::from_secs(900), String::new()));
    let news = News::of_appended(appended).unwrap();
    news.encode((RoomId::generate(), Some([ann, bob])), &links)
}

#[test]
fn a_second_socket_of_a_dialect_gets_the_words_of_the_first() {
    let encoded = encoded();
    for dialect in Dialect::all() {
        let first = encoded.words(dialect);
        assert!(!first.is_empty(), "{dialect:?} has no word for a message");
        let second = encoded.words(dialect);
        // The same place in memory: not the same text written again.
        assert!(std::ptr::eq(first, second), "{dialect:?} was asked twice");
        assert!(std::ptr::eq(
            first[0].payload.get(),
            second[0].payload.get()
        ));
    }
}

#[test]
fn a_dialect_that_nobody_speaks_is_not_asked() {
    let encoded = encoded();
    let native = Dialect::named("native").unwrap();
    assert!(Dialect::all().all(|one| !encoded.packets.knows(one)));
    encoded.words(native);
    for dialect in Dialect::all() {
        assert_eq!(encoded.packets.knows(dialect), dialect == native);
    }
}
