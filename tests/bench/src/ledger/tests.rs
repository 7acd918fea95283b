use super::{Acked, LARGEST_HOLE, Mistakes, Seen};

fn seen(numbers: &[u64]) -> Seen {
    let mut seen = Seen::default();
    for &number in numbers {
        seen.take(number);
    }
    seen
}

fn mistakes(lost: u64, doubled: u64, out_of_order: u64) -> Mistakes {
    Mistakes {
        lost,
        doubled,
        out_of_order,
    }
}

#[test]
fn each_once_in_order_is_without_mistakes() {
    let seen = seen(&[1, 2, 3]);
    assert!(seen.is_complete(3));
    assert_eq!(seen.mistakes(3), Mistakes::default());
    assert!(!seen.mistakes(3).any());
}

#[test]
fn a_message_that_never_came_is_lost() {
    let seen = seen(&[1, 3]);
    assert!(!seen.is_complete(3));
    assert_eq!(seen.mistakes(3), mistakes(1, 0, 0));
    assert!(seen.mistakes(3).any());
}

#[test]
fn an_acked_message_beyond_the_last_one_that_came_is_lost() {
    assert!(!seen(&[1, 2]).is_complete(4));
    assert_eq!(seen(&[1, 2]).mistakes(4), mistakes(2, 0, 0));
    assert_eq!(seen(&[]).mistakes(2), mistakes(2, 0, 0));
}

#[test]
fn a_hole_counts_as_lost_although_nobody_was_promised_it() {
    assert_eq!(seen(&[1, 3]).mistakes(0), mistakes(1, 0, 0));
}

#[test]
fn a_message_not_yet_acked_may_come_early() {
    assert_eq!(seen(&[1, 2, 3]).mistakes(1), Mistakes::default());
}

#[test]
fn a_first_message_that_is_not_number_one_leaves_a_hole() {
    assert_eq!(seen(&[2, 3]).mistakes(3), mistakes(1, 0, 0));
}

#[test]
fn a_message_that_comes_again_is_doubled() {
    assert_eq!(seen(&[1, 2, 2]).mistakes(2), mistakes(0, 1, 0));
    assert_eq!(seen(&[1, 2, 1]).mistakes(2), mistakes(0, 1, 0));
    assert_eq!(seen(&[1, 0]).mistakes(1), mistakes(0, 1, 0));
}

#[test]
fn a_message_after_a_later_one_is_out_of_order_and_not_lost() {
    let seen = seen(&[1, 3, 2, 4]);
    assert!(seen.is_complete(4));
    assert_eq!(seen.mistakes(4), mistakes(0, 0, 1));
}

#[test]
fn a_late_message_that_comes_again_is_both() {
    assert_eq!(seen(&[1, 3, 2, 2]).mistakes(3), mistakes(0, 1, 1));
}

#[test]
fn a_nonsensical_number_is_a_mistake_that_costs_no_memory() {
    let seen = seen(&[1, LARGEST_HOLE * 10, 2]);
    assert_eq!(seen.mistakes(2), mistakes(0, 0, 1));
    assert!(seen.missing.is_empty());
}

#[test]
fn two_messages_acked_with_one_number_are_a_mistake() {
    let mut acked = Acked::default();
    for seq in [1, 65, 64, 2] {
        acked.take(seq);
    }
    assert_eq!(acked.last(), 65);
    assert_eq!(acked.mistakes(), Mistakes::default());
    acked.take(64);
    assert_eq!(acked.mistakes(), mistakes(0, 1, 0));
}

#[test]
fn mistakes_add_up() {
    let all = [mistakes(1, 2, 3), mistakes(10, 20, 30)];
    assert_eq!(all.into_iter().sum::<Mistakes>(), mistakes(11, 22, 33));
}
