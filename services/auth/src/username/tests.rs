use super::{Username, UsernameInvalid};

#[test]
fn letters_digits_and_three_marks_make_a_username() {
    for text in ["ann", "Ann.B-c_9", "...", &"x".repeat(32)] {
        assert_eq!(text.parse::<Username>().unwrap().as_str(), text);
    }
}

#[test]
fn everything_else_does_not() {
    let long = "x".repeat(33);
    for text in [
        "", "ab", &long, "ann lee", "ann@x", "änn", "ann\0", "ann\n", "a/b", "ann$",
    ] {
        assert_eq!(text.parse::<Username>(), Err(UsernameInvalid), "{text:?}");
    }
}

#[test]
fn case_does_not_tell_people_apart() {
    let ann: Username = "Ann.Lee".parse().unwrap();
    assert_eq!(ann.folded(), "ann.lee");
}
