//! The binary: exit codes, signals, and what its log must not say.

use std::process::Stdio;
use std::time::Duration;

use confab_testkit::Mongo;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::service::{Client, channel, log_in, password, somebody};

const PATIENCE: Duration = Duration::from_secs(30);

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_confab-auth"));
    command.env_clear().stdin(Stdio::null()).kill_on_drop(true);
    command
}

struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    log: String,
}

impl Process {
    fn start(mongo: &Mongo) -> Self {
        let mut child = command()
            .env("MONGODB_URI", &mongo.uri)
            .env("MONGODB_DATABASE", &mongo.database)
            .env("GRPC_ADDR", "127.0.0.1:0")
            .env("ADMIN_ADDR", "127.0.0.1:0")
            .env("BCRYPT_COST", "4")
            .env("LOG_LEVEL", "info,confab_auth=debug,mongodb=debug")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            log: String::new(),
        }
    }

    /// Reads the log up to the line with this message, or to its end.
    async fn reads_until(&mut self, message: &str) -> Option<serde_json::Value> {
        while let Some(line) = timeout(PATIENCE, self.lines.next_line())
            .await
            .unwrap()
            .unwrap()
        {
            self.log.push_str(&line);
            self.log.push('\n');
            let line: serde_json::Value = serde_json::from_str(&line).unwrap();
            if line["message"] == message {
                return Some(line);
            }
        }
        None
    }

    /// Where it listens, as its line `ready` says.
    async fn is_ready(&mut self) -> String {
        let ready = self
            .reads_until("ready")
            .await
            .expect("it says that it is ready");
        let addresses = ready["addresses"].as_str().unwrap();
        let grpc = addresses
            .split_once("\"grpc\", ")
            .unwrap()
            .1
            .split_once(')')
            .unwrap()
            .0;
        format!("http://{grpc}")
    }

    /// Sends a signal and answers the exit code, with all that was logged.
    async fn ends_on(mut self, signal: Signal) -> (Option<i32>, String) {
        let pid = i32::try_from(self.child.id().unwrap()).unwrap();
        kill(Pid::from_raw(pid), signal).unwrap();
        self.reads_until("").await;
        let status = timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap();
        (status.code(), self.log)
    }
}

#[tokio::test]
async fn sigterm_and_sigint_end_it_with_code_0() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let mut process = Process::start(&Mongo::fresh());
        process.is_ready().await;
        assert_eq!(process.ends_on(signal).await.0, Some(0), "{signal}");
    }
}

#[tokio::test]
async fn the_log_tells_no_password_no_token_and_no_address() {
    let mut process = Process::start(&Mongo::fresh());
    let mut client = Client::new(channel(process.is_ready().await).await);
    let tokens = client
        .sign_up(somebody("ann"))
        .await
        .unwrap()
        .into_inner()
        .tokens
        .unwrap();
    client.sign_up(somebody("ann")).await.unwrap_err();
    client
        .log_in(log_in("ann@example.org", &password("ann")))
        .await
        .unwrap();
    client
        .log_in(log_in("ann@example.org", "a wrong guess"))
        .await
        .unwrap_err();
    let (code, log) = process.ends_on(Signal::SIGTERM).await;
    assert_eq!(code, Some(0));
    assert!(log.contains("signed up"), "the log was read: {log}");
    let secret = tokens.refresh_token.split_once('.').unwrap().1;
    let signature = tokens.access_token.rsplit_once('.').unwrap().1;
    for hidden in [
        &*password("ann"),
        "a wrong guess",
        "ann@",
        "$2b$",
        secret,
        signature,
    ] {
        assert!(!log.contains(hidden), "{hidden} is in the log: {log}");
    }
}

#[tokio::test]
async fn a_wrong_configuration_ends_it_with_code_64_and_names_all_that_is_wrong() {
    let output = command()
        .env("MONGODB_DATABASE", "a.b")
        .env("TOKEN_ISSUER", "")
        .env("ACCESS_TOKEN_TTL", "0s")
        .env("REFRESH_TOKEN_TTL", "0s")
        .env("BCRYPT_COST", "17")
        .env("SHUTDOWN_TIMEOUT", "0s")
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8(output.stderr).unwrap();
    for name in [
        "MONGODB_URI",
        "MONGODB_DATABASE",
        "TOKEN_ISSUER",
        "ACCESS_TOKEN_TTL",
        "REFRESH_TOKEN_TTL",
        "BCRYPT_COST",
        "SHUTDOWN_TIMEOUT",
    ] {
        assert!(said.contains(name), "{name} is not in {said}");
    }
}

#[tokio::test]
async fn a_wrong_connection_string_is_refused_without_quoting_it() {
    let uri = "mongodb://root:hunter2:x@db:port";
    let output = command().env("MONGODB_URI", uri).output().await.unwrap();
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("MONGODB_URI") && !said.contains("hunter2"),
        "{said}"
    );
}

#[tokio::test]
async fn a_value_that_cannot_be_read_ends_it_with_code_64_and_is_named() {
    let output = command()
        .env("BCRYPT_COST", "twelve")
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("BCRYPT_COST")
    );
}
