use std::time::{Duration, UNIX_EPOCH};

use super::{Keys, Put};

fn put() -> Put {
    Put {
        url: "https://examplebucket.s3.amazonaws.com/test.txt".to_owned(),
        content_length: 17,
        region: "us-east-1".to_owned(),
        expires_in: Duration::from_secs(86_400),
        at: UNIX_EPOCH + Duration::from_secs(1_369_353_600),
    }
}

fn keys() -> Keys {
    Keys {
        id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        token: None,
    }
}

/// The example that AWS prints in its own documentation.
#[test]
fn the_signature_is_the_one_that_aws_prints() {
    let headers = "host:examplebucket.s3.amazonaws.com\n";
    let expected = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
         &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert_eq!(put().sign("GET", ("host", headers), &keys()), expected);
}

#[test]
fn how_much_may_come_is_signed() {
    let other = Put {
        content_length: 18,
        ..put()
    };
    let signature = |put: &Put| {
        put.signed(&keys())
            .split_once("X-Amz-Signature=")
            .unwrap()
            .1
            .to_owned()
    };
    assert!(
        put()
            .signed(&keys())
            .contains("SignedHeaders=content-length%3Bhost")
    );
    assert_ne!(signature(&put()), signature(&other));
}
