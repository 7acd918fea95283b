//! What is typed after `--env`.

use super::assignment;

#[test]
fn only_the_first_equals_sign_parts_name_and_value() {
    let pair = assignment("LOG_LEVEL=confab=debug").unwrap();
    assert_eq!(pair, ("LOG_LEVEL".to_owned(), "confab=debug".to_owned()));
    assert!(assignment("LOG_LEVEL").is_err() && assignment("=debug").is_err());
}
