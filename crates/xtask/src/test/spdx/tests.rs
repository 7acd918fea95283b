//! Licence expressions and their verdicts.

use super::*;

fn verdict(expression: &str) -> bool {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
    satisfied(expression, &|licence| allowed.contains(&licence)).unwrap()
}

#[test]
fn one_side_of_or_is_enough_and_both_of_and_are_needed() {
    assert!(verdict("MIT OR GPL-3.0"));
    assert!(verdict("GPL-3.0/MIT"));
    assert!(verdict("MIT AND ISC"));
    assert!(!verdict("MIT AND GPL-3.0"));
    assert!(!verdict("GPL-3.0 OR AGPL-3.0"));
}

#[test]
fn and_binds_tighter_than_or_and_parentheses_tighter_than_both() {
    assert!(verdict("MIT OR ISC AND GPL-3.0"));
    assert!(!verdict("(MIT OR ISC) AND GPL-3.0"));
    assert!(verdict("(GPL-3.0 OR MIT) AND (ISC)"));
}

#[test]
fn a_licence_with_an_exception_is_another_licence() {
    assert!(verdict("Apache-2.0 WITH LLVM-exception OR GPL-3.0"));
    assert!(!verdict("Apache-2.0"));
    assert!(!verdict("MIT WITH LLVM-exception"));
}

#[test]
fn nonsense_is_an_error_rather_than_a_verdict() {
    for nonsense in [
        "", "MIT OR", "(MIT", "MIT)", "MIT ISC", "AND MIT", "MIT WITH",
    ] {
        assert!(satisfied(nonsense, &|_| true).is_err(), "{nonsense:?}");
    }
}
