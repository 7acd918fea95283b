use std::time::{Duration, Instant};

use super::{AFTER, MOMENT, Queue, Shape, Turn, WAITING, WAITING_BYTES};

const AWAITED: Shape = Shape {
    bytes: 1,
    is_awaited: true,
};
const UNHEARD: Shape = Shape {
    bytes: 1,
    is_awaited: false,
};

/// All times of the simulation are in hundredths of a second.
const SECOND: u32 = 100;
/// What the socket is asked for and can do: four messages a second of ten.
const SENT_EVERY: u32 = SECOND / 4;
const EACH_TAKES: u32 = SECOND / 10;
/// When a client gives an attempt up and makes another one; when one that was refused comes back.
const GIVEN_UP: u32 = 5 * SECOND;
const COMES_BACK: u32 = SECOND;
/// When the store is away.
const AWAY: std::ops::Range<u32> = 10 * SECOND..24 * SECOND;
const END: u32 = 180 * SECOND;

#[derive(Default)]
struct Message {
    /// Its latest attempt.
    tried: u32,
    /// When it is tried again; none once it is acknowledged.
    next: Option<u32>,
}

/// A client that repeats each message until it is acknowledged, over a time in which the store is away.
/// Answers how many messages have no acknowledgement in the end.
fn left_over(shape: Shape) -> usize {
    let start = Instant::now();
    let at = |time: u32| start + Duration::from_millis(u64::from(time) * 10);
    let mut messages: Vec<Message> = Vec::new();
    let mut queue = Queue::default();
    let mut free_at = 0;
    for now in 0..END {
        if now % SENT_EVERY == 0 {
            messages.push(Message {
                next: Some(now),
                ..Message::default()
            });
        }
        for (number, message) in messages.iter_mut().enumerate() {
            if message.next.is_some_and(|next| next <= now) {
                let taken = queue.put((number, now), shape, at(now));
                message.tried = now;
                message.next = Some(now + taken.map_or(COMES_BACK, |()| GIVEN_UP));
            }
        }
        while now >= free_at
            && let Some(turn) = queue.take(at(now))
        {
            let (Turn::Do((number, since)) | Turn::Refuse((number, since))) = turn;
            let message = &mut messages[number];
            let is_awaited = message.tried == since && message.next.is_some();
            if matches!(turn, Turn::Refuse(_)) {
                if is_awaited {
                    message.next = Some(now + COMES_BACK);
                }
                continue;
            }
            // What is asked of the store while it is away hangs until it is back.
            let begins = if AWAY.contains(&now) { AWAY.end } else { now };
            free_at = begins + EACH_TAKES;
            if is_awaited && free_at < since + GIVEN_UP {
                message.next = None;
            }
        }
    }
    messages.iter().filter(|one| one.next.is_some()).count()
}

#[test]
fn a_socket_that_fell_behind_catches_up() {
    assert!(left_over(AWAITED) <= 1, "{}", left_over(AWAITED));
}

#[test]
fn with_one_patience_for_all_times_it_would_stay_behind() {
    // What nobody waits for has it; here it is repeated all the same.
    let left = left_over(UNHEARD);
    assert!(left > 100, "only {left} are left: is this still the case?");
}

#[test]
fn what_comes_at_once_may_wait_for_long() {
    let (mut queue, start) = (Queue::default(), Instant::now());
    for number in 0..3 {
        queue.put(number, AWAITED, start).expect("room");
    }
    let almost = start + MOMENT.mul_f32(0.9);
    assert_eq!(queue.take(start), Some(Turn::Do(0)));
    assert_eq!(queue.take(almost), Some(Turn::Do(1)));
    assert_eq!(queue.take(start + MOMENT * 2), Some(Turn::Refuse(2)));
    assert_eq!(queue.take(start + MOMENT * 2), None);
}

#[test]
fn in_a_queue_that_is_never_empty_what_is_awaited_may_not() {
    let (mut queue, start) = (Queue::default(), Instant::now());
    let late = start + MOMENT;
    for (name, shape, since) in [
        ("first", AWAITED, start),
        ("old", AWAITED, late - AFTER * 2),
        ("old and unheard", UNHEARD, late - AFTER * 2),
        ("young", AWAITED, late - AFTER / 2),
    ] {
        queue.put(name, shape, since).expect("room");
    }
    assert_eq!(queue.take(start), Some(Turn::Do("first")));
    assert_eq!(queue.take(late), Some(Turn::Refuse("old")));
    assert_eq!(queue.take(late), Some(Turn::Do("old and unheard")));
    assert_eq!(queue.take(late), Some(Turn::Do("young")));

    // Once it was empty, it may be long again for a moment.
    assert_eq!(queue.take(late), None);
    queue.put("again", AWAITED, late).expect("room");
    assert_eq!(queue.take(late + AFTER * 2), Some(Turn::Do("again")));
}

/// A client that keeps so many under way at a socket that takes so long for each, for an hour, and repeats
/// each attempt that was not answered in time. Answers how many messages it sent, and how many attempts were
/// refused.
fn with_under_way(clients: usize, takes: u32) -> (usize, usize) {
    let start = Instant::now();
    let at = |time: u32| start + Duration::from_millis(u64::from(time) * 10);
    // When each attempt was made, and when the next one is.
    let (mut tried, mut next) = (vec![0; clients], vec![0; clients]);
    let (mut queue, mut free_at) = (Queue::default(), 0);
    let (mut acked, mut refused) = (0, 0);
    for now in 0..3_600 * SECOND {
        for client in 0..clients {
            if next[client] <= now && queue.put((client, now), AWAITED, at(now)).is_ok() {
                (tried[client], next[client]) = (now, now + GIVEN_UP);
            }
        }
        while now >= free_at
            && let Some(turn) = queue.take(at(now))
        {
            let (Turn::Do((client, since)) | Turn::Refuse((client, since))) = turn;
            let is_awaited = tried[client] == since;
            if matches!(turn, Turn::Refuse(_)) {
                refused += 1;
                if is_awaited {
                    next[client] = now + COMES_BACK;
                }
                continue;
            }
            free_at = now + takes;
            if is_awaited && free_at < since + GIVEN_UP {
                acked += 1;
                next[client] = free_at;
            }
        }
    }
    (acked, refused)
}

#[test]
fn who_has_two_under_way_is_refused_nothing_by_a_cluster_that_takes_two_seconds() {
    assert_eq!(with_under_way(2, 2 * SECOND - 1).1, 0);
    assert_ne!(with_under_way(2, 2 * SECOND + 1).1, 0);
}

#[test]
fn however_slow_it_goes_most_of_what_is_done_is_heard() {
    for takes in [SECOND / 10, SECOND, 2 * SECOND, 3 * SECOND - 20] {
        for clients in [1, 2, 3, 5, 8, 20] {
            let (acked, _) = with_under_way(clients, takes);
            let possible = (3_600 * SECOND / takes) as usize;
            assert!(
                acked * 2 > possible,
                "{acked} of {possible}: {clients} under way, {takes} each"
            );
        }
    }
}

#[test]
fn events_and_bytes_that_wait_are_bounded() {
    let (mut queue, now) = (Queue::default(), Instant::now());
    let most = (0..1_000).take_while(|number| queue.put(*number, AWAITED, now).is_ok());
    assert_eq!(most.count(), WAITING);
    assert_eq!(queue.put(1_000, AWAITED, now), Err(1_000));
    assert_eq!(queue.take(now), Some(Turn::Do(0)));
    assert_eq!(queue.put(1_000, AWAITED, now), Ok(()));

    let mut queue = Queue::default();
    let large = Shape {
        bytes: WAITING_BYTES - 1,
        is_awaited: true,
    };
    assert_eq!(queue.put("large", large, now), Ok(()));
    assert_eq!(queue.put("small", AWAITED, now), Ok(()));
    assert_eq!(queue.put("too much", AWAITED, now), Err("too much"));
    queue.take(now);
    assert_eq!(queue.put("then", AWAITED, now), Ok(()));
    assert!(!queue.is_empty());
}
