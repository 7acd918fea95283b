use fred::error::{Error, ErrorKind};

use super::StoreError;

fn is_unavailable(kind: ErrorKind, words: &str) -> bool {
    matches!(
        StoreError::from(Error::new(kind, words.to_owned())),
        StoreError::Unavailable(_)
    )
}

#[test]
fn whoever_cannot_reach_redis_may_try_again() {
    assert!(is_unavailable(ErrorKind::IO, "connection reset by peer"));
    assert!(is_unavailable(ErrorKind::Timeout, "request timed out"));
    assert!(is_unavailable(ErrorKind::Unknown, "channel closed"));
    assert!(is_unavailable(
        ErrorKind::Unknown,
        "LOADING Redis is loading the dataset in memory"
    ));
    assert!(is_unavailable(
        ErrorKind::Unknown,
        "READONLY You can't write against a read only replica"
    ));
    assert!(is_unavailable(
        ErrorKind::Unknown,
        "ERR Error running script: -OOM command not allowed"
    ));
}

#[test]
fn what_redis_refuses_is_a_defect_of_ours() {
    assert!(!is_unavailable(
        ErrorKind::Unknown,
        "ERR user_script:7: attempt to index a nil value"
    ));
    assert!(!is_unavailable(
        ErrorKind::InvalidArgument,
        "WRONGTYPE Operation against a key"
    ));
    assert!(!is_unavailable(
        ErrorKind::Parse,
        "cannot convert to number"
    ));
}
