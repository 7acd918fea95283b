use super::{Args, Mode};
use clap::{CommandFactory as _, Parser as _};

fn args(line: &str) -> Args {
    Args::try_parse_from(std::iter::once("confab-bench").chain(line.split_whitespace()))
        .expect("these are arguments")
}

#[test]
fn the_command_line_is_consistent() {
    Args::command().debug_assert();
}

#[test]
fn without_a_mode_it_is_a_closed_loop_over_twenty_rooms_of_five() {
    let layout = args("").layout().unwrap();
    assert_eq!(args("").mode(), Mode::Closed(32));
    assert_eq!((layout.rooms, layout.members, layout.users), (20, 5, 100));
}

#[test]
fn idle_connections_sit_in_no_room_unless_told() {
    assert_eq!(args("--idle 50").layout().unwrap().rooms, 0);
    let layout = args("--idle 50 --rooms 10").layout().unwrap();
    assert_eq!((layout.rooms, layout.users), (10, 50));
}

#[test]
fn the_connections_of_a_storm_fill_their_rooms() {
    let layout = args("--storm 50").layout().unwrap();
    assert_eq!((layout.rooms, layout.members, layout.users), (10, 5, 50));
}

#[test]
fn only_some_of_a_room_can_stop_reading() {
    assert_eq!(
        args("--rate 3 --stopped 4").layout().unwrap().sender(20),
        (0, 0)
    );
    assert!(args("--rate 3 --stopped 5").layout().is_err());
    assert!(Args::try_parse_from(["confab-bench", "--stopped", "3"]).is_err());
}

#[test]
fn too_few_users_for_a_room_are_refused() {
    assert!(
        args("--rooms 1 --members 500 --users 499")
            .layout()
            .is_err()
    );
}

#[test]
fn two_modes_at_once_are_refused() {
    assert!(Args::try_parse_from(["confab-bench", "--closed", "3", "--rate", "3"]).is_err());
    assert!(Args::try_parse_from(["confab-bench", "--idle", "3", "--rate", "3"]).is_err());
}
