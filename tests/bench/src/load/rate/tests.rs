use super::due;

#[test]
fn a_second_holds_exactly_the_rate_even_if_it_does_not_divide_it() {
    assert_eq!(due(5, 0, 3), 5);
    assert_eq!(due(5, 3, 3), 1_000_000_005);
    assert_eq!(due(0, 7_000_000, 7), 1_000_000_000_000_000);
}
