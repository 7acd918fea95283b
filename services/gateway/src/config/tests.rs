use clap::Parser as _;
use confab_chassis::Configuration as _;

use super::Config;
use crate::rate_limit::Budget;

fn problems(extra: &[&str]) -> Vec<String> {
    let given = [
        "confab-gateway",
        "--redis-url=redis://r",
        "--auth-url=http://a:1",
        "--message-store-url=http://m:1",
        "--presence-url=http://p:1",
    ];
    Config::try_parse_from(given.iter().chain(extra))
        .unwrap()
        .problems()
}

#[test]
fn a_gateway_that_others_can_reach_has_no_problems() {
    assert_eq!(
        problems(&["--relay-url=http://10.0.0.1:8080"]),
        Vec::<String>::new()
    );
    assert_eq!(problems(&["--http-addr=127.0.0.1:1"]), Vec::<String>::new());
    let empty = [
        "--http-addr=127.0.0.1:1",
        "--relay-url=",
        "--gateway-id=",
        "--cors-origins=",
        "--trusted-proxies=",
    ];
    assert_eq!(problems(&empty), Vec::<String>::new());
}

#[test]
fn every_problem_is_reported_at_once_by_the_name_of_its_variable() {
    let found = problems(&[
        "--auth-url=ftp://a",
        "--gateway-id=no spaces",
        "--max-payload-bytes=1",
        "--socket-buffer-packets=1",
        "--ping-interval=0s",
        "--heads-check-interval=0s",
        "--cors-origins=https://a.example/path",
        "--drain-time=20s",
        "--trusted-proxies=10.0.0.0/8,somewhere",
        "--limit-deadline=1s",
        "--media-store=gs://bucket",
        "--aws-access-key-id=half",
        "--media-max-bytes=0",
        "--media-types=image",
        "--media-uploads-at-once=0",
        "--media-stall-timeout=0s",
        "--media-url-ttl=1h",
    ])
    .join("\n");
    for name in [
        "AUTH_URL",
        "RELAY_URL",
        "GATEWAY_ID",
        "MAX_PAYLOAD_BYTES",
        "SOCKET_BUFFER_PACKETS",
        "PING_INTERVAL",
        "HEADS_CHECK_INTERVAL",
        "CORS_ORIGINS",
        "SHUTDOWN_TIMEOUT",
        "TRUSTED_PROXIES: somewhere",
        "LIMIT_DEADLINE",
        "MEDIA_STORE",
        "AWS_SECRET_ACCESS_KEY",
        "MEDIA_MAX_BYTES",
        "MEDIA_TYPES",
        "MEDIA_UPLOADS_AT_ONCE",
        "MEDIA_STALL_TIMEOUT",
        "MEDIA_URL_TTL",
    ] {
        assert!(found.contains(name), "{name} in:\n{found}");
    }
}

#[test]
fn a_limit_is_a_number_and_a_time_or_off_and_anything_else_is_refused_by_name() {
    let given = [
        "confab-gateway",
        "--redis-url=redis://r",
        "--auth-url=http://a:1",
        "--message-store-url=http://m:1",
        "--presence-url=http://p:1",
    ];
    let parse = |limit: &'static str| Config::try_parse_from(given.iter().chain(&[limit]));
    for good in [
        "--limit-messages=off",
        "--limit-messages=3/1500ms",
        "--limit-rest=5/s",
    ] {
        assert!(parse(good).is_ok(), "{good}");
    }
    let quota = |budget| parse("--limit-typing=off").unwrap().limits.quota(budget);
    assert_eq!(quota(Budget::Typing), None);
    assert_eq!(quota(Budget::Messages), "10/5s".parse().ok());
    let none = parse("--rate-limits=off").unwrap().limits;
    assert_eq!(none.quota(Budget::Messages), None);
    let error = parse("--limit-messages=lots").unwrap_err().to_string();
    assert!(
        error.contains("--limit-messages") && error.contains("10/5s"),
        "{error}"
    );
}
