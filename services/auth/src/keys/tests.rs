use std::time::{Duration, SystemTime};

use super::{FIRST_SLOT, SigningKey};

fn key() -> SigningKey {
    SigningKey::generate(FIRST_SLOT, SystemTime::now(), Duration::from_secs(900))
}

#[test]
fn a_new_key_is_whole_and_like_no_other() {
    let (one, other) = (key(), key());
    assert_eq!(one.check(), Ok(()));
    assert_ne!(one.public.id, other.public.id);
    assert_ne!(one.private, other.private);
}

#[test]
fn halves_that_do_not_belong_together_are_refused() {
    let mut broken = key();
    broken.public = key().public;
    assert_eq!(broken.check().unwrap_err().id, broken.public.id);
    broken.private.truncate(10);
    assert!(broken.check().is_err());
}

#[test]
fn a_key_never_shows_its_private_half() {
    let key = key();
    assert_eq!(
        format!("{key:?}"),
        format!("SigningKey({}, …)", key.public.id)
    );
}
