//! What is quoted of a log.

use super::*;

#[test]
fn only_the_last_lines_are_quoted() {
    let text: String = (1..=50).map(|n| format!("line {n}\n")).collect();
    let quoted = last_lines(&text);
    assert!(
        quoted.starts_with("line 31\n") && quoted.ends_with("line 50"),
        "{quoted}"
    );
}
