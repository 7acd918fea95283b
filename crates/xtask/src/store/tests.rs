//! What is read off a URL, and what of it is shown.

use super::*;

#[test]
fn the_first_host_of_a_url_is_found() {
    let host = |url| first_host(url, 27017);
    assert_eq!(host("mongodb://a:1,b:2/db?x=y").as_deref(), Some("a:1"));
    assert_eq!(host("mongodb://u:p%40@a").as_deref(), Some("a:27017"));
    assert_eq!(
        host("redis://127.0.0.1:6380/0").as_deref(),
        Some("127.0.0.1:6380")
    );
    assert_eq!(host("mongodb+srv://cluster.example"), None);
}

#[test]
fn a_password_is_not_printed() {
    assert_eq!(
        without_password("redis://:secret@host:1/0"),
        "redis://***@host:1/0"
    );
    assert_eq!(without_password("redis://host:1"), "redis://host:1");
}
