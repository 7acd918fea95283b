use super::names;

#[test]
fn names_follow_an_at_sign_and_end_with_the_sentence() {
    assert_eq!(
        names("@ada, ask @ben.b. Or @Carol-Ann-"),
        ["ada", "ben.b", "Carol-Ann"]
    );
    assert_eq!(names("(@dora) @ada@ben"), ["dora", "ada"]);
}

#[test]
fn the_same_name_counts_once() {
    assert_eq!(names("@ada @ADA @ada"), ["ada"]);
}

#[test]
fn what_cannot_be_a_name_is_none() {
    let long = format!("@{}", "x".repeat(33));
    for text in ["", "@", "@ab", "mail me at ada@example.org", long.as_str()] {
        assert!(names(text).is_empty(), "{text:?}");
    }
}

#[test]
fn only_so_many_are_looked_up() {
    let many: Vec<String> = (0..80).map(|number| format!("@user{number}")).collect();
    assert_eq!(names(&many.join(" ")).len(), 50);
}
