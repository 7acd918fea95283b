use super::{Email, EmailInvalid};

#[test]
fn one_at_sign_with_text_on_both_sides_makes_an_address() {
    for text in [
        "a@b",
        "Ann.Lee+chat@example.org",
        "ann@münchen.example",
        "\"odd\"@example.org",
    ] {
        assert_eq!(text.parse::<Email>().unwrap().as_str(), text);
    }
}

#[test]
fn everything_else_does_not() {
    let long = format!("{}@example.org", "x".repeat(243));
    for text in [
        "",
        "ann",
        "@",
        "ann@",
        "@b",
        "a@b@c",
        "a b@c",
        "a@b\n",
        "a\u{a0}b@c",
        "a@b\0",
        &long,
    ] {
        assert_eq!(text.parse::<Email>(), Err(EmailInvalid), "{text:?}");
    }
    assert!(
        format!("{}@example.org", "x".repeat(242))
            .parse::<Email>()
            .is_ok()
    );
}

#[test]
fn case_does_not_tell_addresses_apart() {
    assert_eq!(
        "Ann@Example.ORG".parse::<Email>().unwrap().folded(),
        "ann@example.org"
    );
}

#[test]
fn an_address_never_shows_itself() {
    let email: Email = "ann@example.org".parse().unwrap();
    assert!(!format!("{email:?}").contains("ann"));
}
