//! The house rules that no compiler knows: see CONTRIBUTING.md.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

/// A file longer than this holds more than one idea.
const LONGEST: usize = 400;
/// Names that say nothing about what is inside.
const SAY_NOTHING: [&str; 10] = [
    "utils",
    "util",
    "common",
    "helpers",
    "misc",
    "manager",
    "processor",
    "base",
    "types",
    "impl",
];

/// Who may name a crate: the only folders and files in which it may appear.
struct Territory {
    krate: &'static str,
    allowed: &'static [&'static str],
}

const TERRITORIES: [Territory; 6] = [
    Territory {
        krate: "mongodb",
        allowed: &[
            "services/auth/src/store",
            "services/message-store/src/store",
            "services/auth/tests",
            "services/message-store/tests",
            "crates/testkit/src",
            "tests/e2e",
        ],
    },
    Territory {
        krate: "fred",
        allowed: &[
            "crates/bus",
            "crates/limit",
            "crates/redis",
            "services/presence/src/store",
            "services/presence/tests",
            "crates/testkit/src",
        ],
    },
    Territory {
        krate: "socketioxide",
        allowed: &[
            "services/gateway/src/socket",
            "services/gateway/src/fanout",
            "services/gateway/src/drain.rs",
            // The layer alone.
            "services/gateway/src/lib.rs",
        ],
    },
    Territory {
        krate: "object_store",
        allowed: &["services/gateway/src/media/store"],
    },
    Territory {
        krate: "axum",
        allowed: &[
            "services/gateway/src/dialect",
            "services/gateway/src/http",
            "services/gateway/src/relay",
            "services/gateway/src/transport",
            "services/gateway/src/lib.rs",
            "crates/chassis/src",
        ],
    },
    Territory {
        krate: "confab_proto",
        allowed: &[
            "crates/bus",
            "services/auth/src/rpc",
            "services/auth/src/lib.rs",
            "services/auth/tests",
            "services/message-store/src/rpc",
            "services/message-store/src/lib.rs",
            "services/message-store/tests",
            "services/presence/src",
            "services/presence/tests",
            // It translates between the contracts and its clients, and has no nouns of its own.
            "services/gateway",
            "crates/proto/tests",
            "tests",
        ],
    },
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Every Rust file that a person wrote, by its path from the top.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<_> = ["crates", "services", "tests"]
        .map(|top| root().join(top))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["gen", "node_modules", "target"].contains(&name.as_str()) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((path, text));
            }
        }
    }
    assert!(
        found.len() > 100,
        "only {} files found: is the path right?",
        found.len()
    );
    found
}

fn none(rule: &str, offenders: &[String]) {
    assert!(
        offenders.is_empty(),
        "{rule}:\n  {}",
        offenders.join("\n  ")
    );
}

#[test]
fn every_file_opens_with_its_one_idea() {
    let silent = |(path, text): &(String, String)| {
        // Tests beside a noun are introduced by the noun.
        (!path.ends_with("/tests.rs") && !text.starts_with("//!")).then(|| path.clone())
    };
    none(
        "no `//!` on the first line",
        &sources().iter().filter_map(silent).collect::<Vec<_>>(),
    );
}

#[test]
fn no_file_is_too_long() {
    let long = |(path, text): &(String, String)| {
        let lines = text.lines().count();
        (lines > LONGEST).then(|| format!("{path}: {lines} lines"))
    };
    none(
        "more than one idea",
        &sources().iter().filter_map(long).collect::<Vec<_>>(),
    );
}

#[test]
fn every_name_says_something() {
    let vague = |(path, _): &(String, String)| {
        let parts = Path::new(path)
            .components()
            .map(|part| part.as_os_str().to_string_lossy());
        let mut stems = parts.map(|part| part.trim_end_matches(".rs").to_owned());
        stems
            .any(|stem| SAY_NOTHING.contains(&stem.as_str()))
            .then(|| path.clone())
    };
    none(
        "a name that says nothing",
        &sources().iter().filter_map(vague).collect::<Vec<_>>(),
    );
}

#[test]
fn every_library_stays_where_it_belongs() {
    let sources = sources();
    for Territory { krate, allowed } in &TERRITORIES {
        let named = |text: &str| {
            let code = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"));
            code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':'))
                .any(|word| {
                    word.starts_with(&format!("{krate}::"))
                        || word.contains(&format!("::{krate}::"))
                })
        };
        let strays = sources.iter().filter(|(path, text)| {
            !allowed.iter().any(|place| path.starts_with(place)) && named(text)
        });
        let strays: Vec<_> = strays.map(|(path, _)| path.clone()).collect();
        none(&format!("{krate} appears outside {allowed:?}"), &strays);
        let used = sources.iter().any(|(_, text)| named(text));
        assert!(used, "nobody names {krate}: is the rule still of use?");
    }
}

#[test]
fn a_service_knows_no_other_service() {
    let names = ["auth", "message-store", "presence", "gateway"];
    let mut offenders = Vec::new();
    for service in names {
        let manifest = root().join(format!("services/{service}/Cargo.toml"));
        let manifest = std::fs::read_to_string(manifest).unwrap();
        for other in names.iter().filter(|other| **other != service) {
            if manifest
                .lines()
                .any(|line| line.starts_with(&format!("confab-{other}.")))
            {
                offenders.push(format!("{service} depends on {other}"));
            }
        }
    }
    none("services meet in the contracts alone", &offenders);
}

#[test]
fn nothing_is_left_for_later_without_an_issue() {
    // Written apart, so that this file does not find itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    let left = |(path, text): &(String, String)| {
        text.lines().enumerate().find_map(|(number, line)| {
            let marked = marks.iter().any(|mark| line.contains(mark));
            (marked && !line.contains("issue")).then(|| format!("{path}:{}", number + 1))
        })
    };
    none(
        "unfinished",
        &sources().iter().filter_map(left).collect::<Vec<_>>(),
    );
}
