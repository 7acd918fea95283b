use std::time::Duration;

use super::{Hasher, Password, queue_per_core};

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

#[tokio::test]
async fn only_the_hashed_password_matches() {
    let hasher = Hasher::new(4).await.unwrap();
    let hash = hasher.hash(password("correct horse")).await.unwrap();
    assert!(
        hasher
            .verify(password("correct horse"), Some(hash.clone()))
            .await
            .unwrap()
    );
    assert!(
        !hasher
            .verify(password("correct  horse"), Some(hash))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn what_bcrypt_takes_for_the_same_password_does_not_match() {
    let hasher = Hasher::new(4).await.unwrap();
    let longest = "x".repeat(72);
    let hash = hasher.hash(password(&longest)).await.unwrap();
    assert!(
        !hasher
            .verify(password(&format!("{longest}y")), Some(hash))
            .await
            .unwrap()
    );
    let hash = hasher.hash(password("secretly")).await.unwrap();
    assert!(
        !hasher
            .verify(password("secretly\0secretly"), Some(hash))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn no_password_matches_an_account_that_does_not_exist() {
    let hasher = Hasher::new(4).await.unwrap();
    assert!(
        !hasher
            .verify(password("correct horse"), None)
            .await
            .unwrap()
    );
}

#[test]
fn the_queue_is_as_long_as_patience_within_bounds() {
    assert_eq!(queue_per_core(Duration::from_millis(100)), 40);
    assert_eq!(queue_per_core(Duration::from_secs(5)), 16);
    assert_eq!(queue_per_core(Duration::ZERO), 512);
}
