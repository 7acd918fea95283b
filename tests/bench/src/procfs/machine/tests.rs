use super::busy;

#[test]
fn idle_waiting_and_guests_do_not_count_and_stolen_time_does() {
    let stat = "cpu  1 2 4 1000 1000 8 16 32 1000 1000\ncpu0 9 9 9 9 9 9 9 9 9 9\n";
    assert_eq!(busy(stat), Some(630_000));
}

#[test]
fn something_else_gives_nothing() {
    assert_eq!(busy("cpu0 1 2 3 4 5 6 7 8\n"), None);
    assert_eq!(busy("cpu  1 2 3\n"), None);
    assert_eq!(busy("cpu  1 2 3 4 5 6 seven 8\n"), None);
    assert_eq!(busy(""), None);
}
