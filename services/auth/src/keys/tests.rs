use super::SigningKey;

#[test]
fn a_new_key_is_whole_and_like_no_other() {
    let (one, other) = (SigningKey::generate(), SigningKey::generate());
    assert_eq!(one.check(), Ok(()));
    assert_ne!(one.public.id, other.public.id);
    assert_ne!(one.private, other.private);
}

#[test]
fn halves_that_do_not_belong_together_are_refused() {
    let mut key = SigningKey::generate();
    key.public = SigningKey::generate().public;
    assert_eq!(key.check().unwrap_err().id, key.public.id);
    key.private.truncate(10);
    assert!(key.check().is_err());
}

#[test]
fn a_key_never_shows_its_private_half() {
    let key = SigningKey::generate();
    assert_eq!(
        format!("{key:?}"),
        format!("SigningKey({}, …)", key.public.id)
    );
}
