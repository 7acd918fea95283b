//! Which answers mean ready.

use super::says_ok;

#[test]
fn only_status_200_means_ready() {
    assert!(says_ok(b"HTTP/1.1 200"));
    assert!(!says_ok(b"HTTP/1.1 503"));
    assert!(!says_ok(b"+PONG 200 ok"));
}
