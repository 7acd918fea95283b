use std::time::{Duration, SystemTime, UNIX_EPOCH};

use confab_ids::{SessionId, UserId};

use super::{Bearer, Claims};

#[test]
fn claims_say_who_where_from_and_until_when() {
    let (user, session) = (UserId::generate(), SessionId::generate());
    let now = UNIX_EPOCH + Duration::from_millis(1_700_000_000_999);
    let bearer = Bearer {
        user,
        username: "Ann",
        session,
    };
    let claims = Claims::new(bearer, "confab", now, Duration::from_secs(900));
    let json = serde_json::to_value(&claims).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "sub": user.to_string(), "sid": session.to_string(), "username": "Ann",
            "iss": "confab", "aud": "confab", "iat": 1_700_000_000, "exp": 1_700_000_900,
        })
    );
}

#[test]
fn a_clock_before_the_epoch_gives_a_token_that_has_expired() {
    let bearer = Bearer {
        user: UserId::generate(),
        username: "Ann",
        session: SessionId::generate(),
    };
    let past = UNIX_EPOCH - Duration::from_secs(1);
    let claims = Claims::new(bearer, "confab", past, Duration::from_secs(900));
    assert!(UNIX_EPOCH + Duration::from_secs(claims.exp) < SystemTime::now());
}
