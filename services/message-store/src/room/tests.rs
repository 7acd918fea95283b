use confab_ids::UserId;

use super::RoomName;
use super::pair::room_of;
use super::party::Party;
use crate::invalid::Invalid;

fn users(count: usize) -> Vec<UserId> {
    (0..count).map(|_| UserId::generate()).collect()
}

#[test]
fn a_name_has_at_most_100_characters() {
    assert_eq!(RoomName::parse("  Lunch \n").unwrap().as_str(), "Lunch");
    assert_eq!(RoomName::parse("").unwrap().as_str(), "");
    assert!(RoomName::parse(&"ß".repeat(100)).is_ok());
    assert!(matches!(
        RoomName::parse(&"x".repeat(101)),
        Err(Invalid::RoomName(_))
    ));
}

#[test]
fn a_room_of_two_has_exactly_one_other() {
    let [me, you, they] = users(3).try_into().unwrap();
    assert_eq!(Party::pair(me, &[you]).unwrap().users(), [me, you]);
    assert_eq!(Party::pair(me, &[you, me, you]).unwrap().users(), [me, you]);
    for others in [vec![], vec![me], vec![you, they]] {
        assert!(
            matches!(Party::pair(me, &others), Err(Invalid::Members(_))),
            "{others:?}"
        );
    }
}

#[test]
fn a_group_has_at_most_999_others_and_nobody_twice() {
    let me = UserId::generate();
    let others = users(1_000);
    assert_eq!(Party::group(me, &[]).unwrap().users(), [me]);
    assert_eq!(
        Party::group(me, &others[..999]).unwrap().users().len(),
        1_000
    );
    assert!(matches!(
        Party::group(me, &others),
        Err(Invalid::Members(_))
    ));
    let party = Party::group(me, &[others[0], me, others[0], others[1]]).unwrap();
    assert_eq!(party.users(), [me, others[0], others[1]]);
    assert_eq!(party.creator(), me);
}

#[test]
fn two_people_have_one_room_whoever_opens_it() {
    let [me, you, they] = users(3).try_into().unwrap();
    assert_eq!(room_of(me, you), room_of(you, me));
    assert_ne!(room_of(me, you), room_of(me, they));
}

#[test]
fn the_id_of_a_room_of_two_never_changes() {
    let id = |last: u8| format!("0000000000000000000000{last:02x}").parse().unwrap();
    assert_eq!(
        room_of(id(1), id(2)).to_string(),
        "ffdff3cafe16d2d1cad76974"
    );
}
