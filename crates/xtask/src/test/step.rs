//! The steps of the whole check: what each is for, what a person would type, how it is run.

use super::{licences, prepare};
use crate::checkout::{Checkout, Profile};
use crate::command::{find, run};
use crate::stores::Private;
use anyhow::Result;
use clap::ValueEnum;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Step {
    Fmt,
    Licences,
    Clippy,
    Docs,
    Npm,
    Python,
    Haproxy,
    Chromium,
    Build,
    Tests,
}

/// One run of the checks.
pub struct Check<'a> {
    pub checkout: &'a Checkout,
}

impl Step {
    pub const ALL: &'static [Self] = &[
        Self::Fmt,
        Self::Licences,
        Self::Clippy,
        Self::Docs,
        Self::Npm,
        Self::Python,
        Self::Haproxy,
        Self::Chromium,
        Self::Build,
        Self::Tests,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Licences => "licences",
            Self::Clippy => "clippy",
            Self::Docs => "docs",
            Self::Npm => "npm",
            Self::Python => "python",
            Self::Haproxy => "haproxy",
            Self::Chromium => "chromium",
            Self::Build => "build",
            Self::Tests => "tests",
        }
    }

    pub fn command(self) -> &'static str {
        match self {
            Self::Fmt => "cargo fmt --all --check",
            Self::Licences if find("cargo-deny").is_some() => {
                "cargo deny --offline check licenses bans sources"
            }
            Self::Licences => "cargo xtask test --only licences",
            Self::Clippy => "cargo clippy --workspace --all-targets --locked -- -D warnings",
            Self::Docs => "RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --locked",
            Self::Npm => "npm ci --prefix tests/clients",
            Self::Python => {
                "python3 -m venv target/venv && target/venv/bin/pip install -r tests/requirements.txt"
            }
            Self::Haproxy => "apt-get install -y haproxy",
            Self::Chromium => "apt-get install -y chromium",
            Self::Build => "cargo build --workspace --bins --tests --locked",
            Self::Tests if find("cargo-nextest").is_some() => {
                "cargo xtask stores cargo nextest run --workspace --locked"
            }
            Self::Tests => {
                "cargo xtask stores cargo test --workspace --locked --lib --bins --tests"
            }
        }
    }

    pub fn purpose(self) -> &'static str {
        match self {
            Self::Fmt => "the code is formatted",
            Self::Licences => {
                "deny.toml holds: licences, who may name which crate, no foreign sources"
            }
            Self::Clippy => "no lint complains",
            Self::Docs => "the documentation builds without a broken link",
            Self::Npm => "the official JavaScript client, if not there yet",
            Self::Python => "the Python tools of the tests, if not there yet",
            Self::Haproxy => "a balancer without affinity, if missing (only root can)",
            Self::Chromium => "a browser for the page, if missing (only root can)",
            Self::Build => "the services the end-to-end tests start, and the tests",
            Self::Tests => "all tests against real stores, started for them",
        }
    }
}

impl Check<'_> {
    pub fn run(&self, step: Step) -> Result<()> {
        let mut cargo = self.checkout.cargo();
        match step {
            Step::Fmt => run(cargo.args(["fmt", "--all", "--check"])),
            Step::Licences if find("cargo-deny").is_some() => {
                run(cargo.args(["deny", "--offline", "check", "licenses", "bans", "sources"]))
            }
            Step::Licences => licences::check(self.checkout),
            Step::Clippy => run(cargo
                .args(["clippy", "--workspace", "--all-targets", "--locked"])
                .args(["--", "-D", "warnings"])),
            Step::Docs => run(cargo
                .args(["doc", "--workspace", "--no-deps", "--locked"])
                .env("RUSTDOCFLAGS", "-Dwarnings")),
            Step::Npm => prepare::npm(&self.checkout.root),
            Step::Python => prepare::python(self.checkout),
            Step::Haproxy => prepare::debian_package("haproxy", &["haproxy"]),
            Step::Chromium => prepare::debian_package(
                "chromium",
                &[
                    "chromium",
                    "chromium-browser",
                    "google-chrome",
                    "google-chrome-stable",
                ],
            ),
            Step::Build => {
                run(cargo.args(["build", "--workspace", "--bins", "--tests", "--locked"]))
            }
            Step::Tests => self.tests(),
        }
    }

    fn tests(&self) -> Result<()> {
        let mut cargo = self.checkout.cargo();
        if find("cargo-nextest").is_some() {
            cargo.args(["nextest", "run", "--workspace", "--locked"]);
        } else {
            println!(
                "    cargo-nextest is missing (`cargo install --locked cargo-nextest`, some \
                 minutes); `cargo test` does it more slowly and without one summary"
            );
            // Binaries, not doc tests.
            cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
            cargo.args(["--lib", "--bins", "--tests"]);
        }
        let stores = Private::start(self.checkout)?;
        run(cargo
            .envs(stores.environment())
            .env("CONFAB_BIN_DIR", self.checkout.binaries(Profile::Debug))
            .env("PATH", prepare::path_for_tests(self.checkout)?))
    }
}
