use super::{Password, PasswordInvalid};

fn check(text: &str) -> Result<(), PasswordInvalid> {
    Password::new(text.to_owned()).check()
}

#[test]
fn length_is_counted_in_bytes_as_bcrypt_counts() {
    assert_eq!(check("1234567"), Err(PasswordInvalid));
    assert_eq!(check("12345678"), Ok(()));
    assert_eq!(check("pässwör"), Ok(()), "7 characters, 9 bytes");
    assert_eq!(check(&"x".repeat(72)), Ok(()));
    assert_eq!(check(&"x".repeat(73)), Err(PasswordInvalid));
    assert_eq!(
        check(&"ä".repeat(37)),
        Err(PasswordInvalid),
        "37 characters, 74 bytes"
    );
}

#[test]
fn a_nul_is_refused_because_bcrypt_would_take_two_passwords_for_one() {
    let twin = bcrypt::hash("secret", 4).unwrap();
    assert!(
        bcrypt::verify("secret\0secret", &twin).unwrap(),
        "the reason still holds"
    );
    assert_eq!(check("secret\0secret"), Err(PasswordInvalid));
}

#[test]
fn a_password_never_shows_itself() {
    let password = Password::new("hunter2hunter2".to_owned());
    assert!(!format!("{password:?}").contains("hunter2"));
}
