use super::{Position, Sequencer};

fn at(rev: i64) -> Position {
    Position { rev, seq: rev }
}

fn revs(out: Vec<(Position, i64)>) -> Vec<i64> {
    out.into_iter()
        .map(|(at, change)| {
            assert_eq!(at.rev, change);
            change
        })
        .collect()
}

fn started(rev: i64) -> Sequencer<i64> {
    let mut sequencer = Sequencer::default();
    sequencer.start(at(rev));
    sequencer
}

#[test]
fn changes_in_order_go_straight_through() {
    let mut sequencer = started(4);
    for rev in 5..9 {
        assert_eq!(revs(sequencer.offer(at(rev), rev)), [rev]);
    }
    assert!(!sequencer.is_behind());
}

#[test]
fn a_repeated_change_is_dropped() {
    let mut sequencer = started(4);
    assert_eq!(revs(sequencer.offer(at(5), 5)), [5]);
    assert!(sequencer.offer(at(5), 5).is_empty());
    assert!(sequencer.offer(at(3), 3).is_empty());
}

#[test]
fn a_change_that_comes_too_early_waits_for_the_ones_before() {
    let mut sequencer = started(0);
    assert!(sequencer.offer(at(3), 3).is_empty());
    assert!(sequencer.offer(at(2), 2).is_empty());
    assert!(sequencer.is_behind());
    assert_eq!(revs(sequencer.offer(at(1), 1)), [1, 2, 3]);
    assert!(!sequencer.is_behind());
}

#[test]
fn what_came_before_the_start_is_kept_and_sorted_out() {
    let mut sequencer = Sequencer::default();
    for rev in [7, 6, 5, 9] {
        assert!(sequencer.offer(at(rev), rev).is_empty());
    }
    assert_eq!(revs(sequencer.start(at(5))), [6, 7]);
    assert!(sequencer.is_behind());
}

#[test]
fn filling_closes_the_hole_and_lets_the_waiting_go() {
    let mut sequencer = started(1);
    sequencer.offer(at(5), 5);
    sequencer.offer(at(6), 6);
    // Revision 3 was a change of a message that changed again in 4: the store tells only the newest.
    assert_eq!(
        revs(sequencer.fill(4, vec![(at(2), 2), (at(4), 4)])),
        [2, 4, 5, 6]
    );
    assert_eq!(sequencer.delivered().unwrap().rev, 6);
}

#[test]
fn filling_past_what_waits_delivers_it_once() {
    let mut sequencer = started(1);
    sequencer.offer(at(3), 3);
    assert_eq!(
        revs(sequencer.fill(4, vec![(at(2), 2), (at(3), 3), (at(4), 4)])),
        [2, 3, 4]
    );
    assert!(sequencer.offer(at(4), 4).is_empty());
    assert_eq!(sequencer.waiting(), 0);
}

#[test]
fn a_head_beyond_what_was_delivered_means_being_behind() {
    let mut sequencer = started(2);
    sequencer.know(4);
    assert!(sequencer.is_behind());
    assert_eq!(
        revs(sequencer.fill(4, vec![(at(3), 3), (at(4), 4)])),
        [3, 4]
    );
    assert!(!sequencer.is_behind());
}

#[test]
fn what_waits_is_bounded_and_what_was_dropped_is_still_known_to_be_missing() {
    let mut sequencer = started(0);
    for rev in 2..5_000 {
        sequencer.offer(at(rev), rev);
    }
    assert_eq!(sequencer.waiting(), super::WAITING);
    assert!(sequencer.is_behind());
}

/// Any order of arrival, with losses and repeats, filled at any time, ends in 1..=n once each.
#[test]
fn every_arrival_order_is_delivered_once_and_in_order() {
    use rand::seq::SliceRandom as _;
    use rand::{Rng as _, SeedableRng as _};
    for seed in 0..300 {
        let mut random = rand::rngs::StdRng::seed_from_u64(seed);
        let n = 40;
        let mut arrivals: Vec<i64> = (1..=n).chain((1..=n).filter(|rev| rev % 3 == 0)).collect();
        arrivals.shuffle(&mut random);
        arrivals.retain(|_| random.random_bool(0.8));
        let mut sequencer = started(0);
        let mut out = Vec::new();
        for rev in arrivals {
            out.extend(revs(sequencer.offer(at(rev), rev)));
            if random.random_bool(0.1) {
                let from = sequencer.delivered().unwrap().rev;
                let to = random.random_range(from..=n);
                let changes = (from + 1..=to).map(|rev| (at(rev), rev)).collect();
                out.extend(revs(sequencer.fill(to, changes)));
            }
        }
        let from = sequencer.delivered().unwrap().rev;
        out.extend(revs(
            sequencer.fill(n, (from + 1..=n).map(|rev| (at(rev), rev)).collect()),
        ));
        assert_eq!(out, (1..=n).collect::<Vec<_>>(), "seed {seed}");
    }
}

#[test]
fn a_hole_that_is_given_up_lets_through_what_waits_behind_it_and_no_more() {
    let mut sequencer = Sequencer::default();
    sequencer.start(at(1));
    sequencer.offer(at(3), "three");
    sequencer.offer(at(5), "five");
    assert_eq!(sequencer.skip(), vec![(at(3), "three")]);
    assert_eq!(sequencer.skip(), vec![(at(5), "five")]);
    sequencer.know(9);
    assert_eq!(sequencer.skip(), vec![]);
    assert!(!sequencer.is_behind());
}
