use confab_ids::{RoomId, UserId};
use confab_proto::message as wire;

use super::{CreateRoom, create_room, limit, list_messages, rooms};
use crate::error::Error;
use crate::invalid::Invalid;
use crate::message::list::{Page, Position};

#[test]
fn a_limit_of_zero_is_the_usual_one() {
    assert_eq!(limit(0, 50, 200), Ok(50_i64));
    assert_eq!(limit(1, 50, 200), Ok(1_i64));
    assert_eq!(limit(200, 50, 200), Ok(200_i64));
    for bad in [-1, 201, i32::MIN, i32::MAX] {
        assert!(
            matches!(limit(bad, 50_usize, 200), Err(Invalid::Limit(_))),
            "{bad}"
        );
    }
}

#[test]
fn the_name_of_a_room_of_two_is_ignored() {
    let request = wire::CreateRoomRequest {
        creator_id: UserId::generate().to_string(),
        name: "x".repeat(101),
        is_group: false,
        member_ids: vec![UserId::generate().to_string()],
    };
    assert!(matches!(create_room(&request), Ok(CreateRoom::Pair(_))));
    let group = wire::CreateRoomRequest {
        is_group: true,
        ..request
    };
    assert!(matches!(create_room(&group), Err(Invalid::RoomName(_))));
}

#[test]
fn rooms_are_asked_for_once_and_what_is_no_id_is_left_out() {
    let room = RoomId::generate();
    let ids = vec![room.to_string(), "nonsense".to_owned(), room.to_string()];
    assert_eq!(rooms(&ids), Ok(vec![room]));
    assert!(matches!(
        rooms(&vec![String::new(); 1_001]),
        Err(Invalid::Limit(_))
    ));
}

#[test]
fn a_page_is_before_or_after_a_position_or_the_newest() {
    use wire::list_messages_request::Cursor;
    use wire::position::At;
    let page = |cursor| {
        list_messages(&wire::ListMessagesRequest {
            user_id: UserId::generate().to_string(),
            room_id: RoomId::generate().to_string(),
            limit: 0,
            cursor,
        })
        .map(|command| command.page)
    };
    let at = |at| wire::Position { at: Some(at) };
    assert!(matches!(page(None), Ok(Page::Newest)));
    let before = page(Some(Cursor::Before(at(At::Seq(7)))));
    assert!(matches!(before, Ok(Page::Before(Position::Seq(7)))));
    let after = page(Some(Cursor::After(at(At::TimeMs(-5)))));
    assert!(matches!(after, Ok(Page::After(Position::TimeMs(-5)))));
    for bad in [
        wire::Position { at: None },
        at(At::Seq(-1)),
        at(At::MessageId("x".to_owned())),
    ] {
        let refused = page(Some(Cursor::After(bad)));
        assert!(matches!(refused, Err(Error::Invalid(Invalid::Cursor(_)))));
    }
}
