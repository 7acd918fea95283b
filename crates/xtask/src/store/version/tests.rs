//! Versions as the servers print them.

use super::*;

#[test]
fn each_server_s_own_words_are_understood() {
    let version = |major, minor| Some(Version { major, minor });
    let redis = "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=d81bff71";
    assert_eq!(parse(redis), version(7, 0));
    assert_eq!(
        parse("Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64"),
        version(9, 1)
    );
    assert_eq!(parse("db version v7.0.5\nBuild Info: {\n"), version(7, 0));
    assert_eq!(parse("mongod: something else entirely"), None);
}

#[test]
fn versions_are_compared_as_numbers() {
    assert!(parse("v=10.0").unwrap() > parse("v=7.4").unwrap());
}
