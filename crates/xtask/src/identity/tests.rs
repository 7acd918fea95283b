//! One process told from another.

use super::*;

const STAT: &str = "42 (a (b) c) S 1 42 42 0 -1 4194560 1 0 0 0 3 1 0 0 20 0 9 0 777 1 2";

#[test]
fn the_start_time_is_found_behind_a_name_with_parentheses() {
    assert_eq!(start_time(STAT), Some("777"));
}

#[test]
fn a_zombie_counts_as_gone() {
    assert_eq!(start_time(&STAT.replace(") S ", ") Z ")), None);
}

#[test]
fn this_process_is_alive_and_not_another_with_the_same_pid() {
    let this = Identity::of(std::process::id()).unwrap();
    assert!(this.alive());
    let other = Identity {
        pid: this.pid,
        started: "long ago".to_owned(),
    };
    assert!(!other.alive());
}
