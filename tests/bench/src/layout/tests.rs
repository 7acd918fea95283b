use std::collections::BTreeSet;

use super::Layout;
use std::collections::HashSet;

#[test]
fn nobody_sits_twice_in_a_room_even_when_users_share_rooms() {
    let layout = Layout {
        rooms: 7,
        members: 5,
        users: 6,
        stopped: 0,
    };
    for room in 0..layout.rooms {
        assert_eq!(layout.room(room).collect::<HashSet<_>>().len(), 5);
    }
    let seats: usize = layout.rooms_by_user().iter().map(Vec::len).sum();
    assert_eq!(seats, 35);
}

#[test]
fn every_seat_gets_its_turn_to_send_and_each_sender_is_a_member() {
    let layout = Layout {
        rooms: 4,
        members: 3,
        users: 12,
        stopped: 0,
    };
    let turns: HashSet<_> = (0..12).map(|n| layout.sender(n)).collect();
    assert_eq!(turns.len(), 12);
    for (room, user) in turns {
        assert!(layout.room(room).any(|member| member == user));
    }
}

#[test]
fn the_first_senders_are_spread_over_rooms() {
    let layout = Layout {
        rooms: 20,
        members: 5,
        users: 100,
        stopped: 0,
    };
    let rooms: HashSet<_> = (0..20).map(|n| layout.sender(n).0).collect();
    assert_eq!(rooms.len(), 20);
}

#[test]
fn who_stops_reading_never_speaks() {
    let layout = Layout {
        rooms: 3,
        members: 4,
        users: 12,
        stopped: 1,
    };
    let stopped: Vec<u32> = layout.stopped().collect();
    assert_eq!(stopped, [3, 7, 11]);
    let senders: BTreeSet<u32> = (0..100).map(|n| layout.sender(n).1).collect();
    assert_eq!(senders.len(), 9);
    assert!(stopped.iter().all(|user| !senders.contains(user)));
}
