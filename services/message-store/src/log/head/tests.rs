use super::Head;

#[test]
fn a_message_takes_the_next_number_and_revision() {
    let head = Head::default().next(5).next(9);
    assert_eq!(
        head,
        Head {
            rev: 2,
            seq: 2,
            at_ms: 9
        }
    );
}

#[test]
fn time_does_not_run_backwards_when_the_clock_does() {
    assert_eq!(
        Head {
            rev: 7,
            seq: 4,
            at_ms: 100
        }
        .next(60),
        Head {
            rev: 8,
            seq: 5,
            at_ms: 100
        }
    );
}

#[test]
fn two_heads_together_are_the_further_of_each() {
    let one = Head {
        rev: 9,
        seq: 4,
        at_ms: 50,
    };
    let other = Head {
        rev: 8,
        seq: 5,
        at_ms: 0,
    };
    assert_eq!(
        one.or_further(other),
        Head {
            rev: 9,
            seq: 5,
            at_ms: 50
        }
    );
    assert_eq!(other.or_further(one), one.or_further(other));
}
