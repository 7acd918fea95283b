use confab_ids::{RoomId, UserId};

use super::Contacts;

const MOST: usize = 3;

fn people<const COUNT: usize>() -> [UserId; COUNT] {
    std::array::from_fn(|_| UserId::generate())
}

#[test]
fn who_comes_into_a_room_is_seen_from_then_on_and_who_leaves_it_no_more() {
    let (contacts, room) = (Contacts::default(), RoomId::generate());
    let [ann, bob, carol] = people();
    contacts.meet(room, vec![ann]);
    contacts.begin([ann]);
    assert!(contacts.join(room, bob, MOST));
    assert!(!contacts.join(room, bob, MOST), "known already");
    assert!(contacts.include(bob) && !contacts.include(carol));
    assert!(contacts.change(bob, true));
    assert!(contacts.leave(room, bob), "was seen to be online");
    assert!(!contacts.include(bob));
    assert_eq!(contacts.list(), [ann]);
    assert!(!contacts.leave(room, carol), "was never there");
}

#[test]
fn who_shares_another_room_is_still_seen() {
    let contacts = Contacts::default();
    let (here, there) = (RoomId::generate(), RoomId::generate());
    let [ann, bob] = people();
    contacts.meet(here, vec![ann, bob]);
    contacts.meet(there, vec![ann]);
    contacts.begin([ann, bob]);
    assert!(!contacts.leave(here, ann));
    assert!(contacts.include(ann));
    contacts.part(there);
    assert_eq!(contacts.list(), [bob], "the last room with Ann is gone");
    contacts.part(here);
    assert_eq!(contacts.list(), []);
}

#[test]
fn what_was_read_late_brings_nobody_back_and_nobody_is_lost_by_it() {
    let (contacts, room) = (Contacts::default(), RoomId::generate());
    let [ann, bob, carol] = people();
    contacts.join(room, carol, MOST);
    contacts.leave(room, bob);
    // As it was before Carol came, and Bob went.
    contacts.meet(room, vec![ann, bob]);
    assert!(contacts.include(ann) && contacts.include(carol));
    assert!(!contacts.include(bob));
    assert!(contacts.join(room, bob, MOST), "he may come back");
}

#[test]
fn who_comes_and_goes_before_a_socket_is_told_who_is_online_is_told_as_they_are_then() {
    let (contacts, room) = (Contacts::default(), RoomId::generate());
    let [ann, bob, carol] = people();
    contacts.meet(room, vec![ann, bob, carol]);
    assert!(!contacts.change(ann, false) && !contacts.change(bob, true));
    contacts.change(carol, false);
    contacts.change(carol, true);
    let mut online = contacts.begin([ann, carol]);
    online.sort_unstable();
    assert_eq!(online, [bob, carol]);
    assert!(
        !contacts.change(ann, false),
        "nobody was told that she is online"
    );
}

#[test]
fn of_a_large_room_no_more_are_seen_than_are_shown() {
    let (contacts, room) = (Contacts::default(), RoomId::generate());
    let [ann, bob, carol, dora] = people();
    contacts.meet(room, vec![ann, bob, carol]);
    assert!(!contacts.join(room, dora, MOST));
    assert!(!contacts.include(dora));
}
