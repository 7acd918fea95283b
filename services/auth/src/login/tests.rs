use super::Login;

#[test]
fn the_at_sign_tells_an_address_from_a_username() {
    assert!(matches!(Login::read("ann"), Login::Username(_)));
    assert!(matches!(Login::read("ann@example.org"), Login::Email(_)));
}

#[test]
fn what_can_be_no_account_is_nobody_rather_than_an_error() {
    for text in ["", "a", "a b c", "@", "ann@", "a@b@c", &"x".repeat(1_000)] {
        assert!(matches!(Login::read(text), Login::Nobody), "{text:?}");
    }
}
