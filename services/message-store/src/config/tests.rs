use clap::Parser as _;
use confab_chassis::Configuration as _;

use super::Config;

fn config(uri: &str, flags: &[&str]) -> Config {
    let all = ["confab-message-store", "--mongodb-uri", uri];
    Config::try_parse_from(all.iter().chain(flags)).unwrap()
}

#[test]
fn the_defaults_are_in_order() {
    assert_eq!(
        config("mongodb://localhost", &[]).problems(),
        Vec::<String>::new()
    );
}

#[test]
fn all_problems_are_listed_by_variable_name() {
    let flags = [
        "--mongodb-database=a b",
        "--writers=17",
        "--grpc-addr=127.0.0.1:5000",
        "--admin-addr=127.0.0.1:5000",
    ];
    let problems = config("postgres://x", &flags).problems().join("\n");
    for name in ["MONGODB_URI", "MONGODB_DATABASE", "WRITERS", "ADMIN_ADDR"] {
        assert!(problems.contains(name), "{name} is missing in {problems}");
    }
}

#[test]
fn the_uri_is_never_shown() {
    let config = config("mongodb://me:hunter2@host", &[]);
    assert!(!format!("{config:?}").contains("hunter2"));
}
