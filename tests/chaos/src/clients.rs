//! The clients: a program of the official JavaScript library that talks, and answers a line with a line.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::args::Args;
use crate::rust_client::{Account, Heads, User};

/// Longer than it takes to sign up and connect, to recover from a fault, or to settle.
const PATIENCE: Duration = Duration::from_secs(180);

/// Running clients.
pub struct Clients {
    _process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

/// What the clients say at the end.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Messages that were acknowledged.
    pub acked: u64,
    /// Messages that sockets received.
    pub delivered: u64,
    /// How often a send had to be repeated.
    pub retries: u64,
    /// How often a socket had to connect again.
    pub reconnects: u64,
    /// Acknowledged messages that a socket of a member never got, or the history does not have.
    pub lost: u64,
    /// Messages that a socket got again, or the history has twice.
    pub doubled: u64,
    /// Messages that a socket got after a later one.
    pub out_of_order: u64,
    /// Users who are shown online and are not, or the other way round, in the end.
    pub wrong_presences: u64,
    /// The longest time between two acknowledgements, whoever got them.
    pub longest_silence_ms: u64,
    /// The longest time between an acknowledgement and its last receiver.
    pub longest_delivery_ms: u64,
    /// The first things that went wrong, in words.
    pub mistakes: Vec<String>,
}

impl Outcome {
    /// What a Rust client did, too.
    pub fn add(&mut self, account: Account) {
        self.acked += account.acked;
        self.delivered += account.delivered;
        self.retries += account.retries;
        self.reconnects += account.reconnects;
        self.lost += account.lost;
        self.doubled += account.doubled;
        self.out_of_order += account.out_of_order;
        self.mistakes.extend(account.mistakes);
    }
}

/// What the clients say when all talk.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    /// Those who are to be played by the Rust client.
    rust_users: Vec<User>,
}

/// What the clients say after a fault.
#[derive(Deserialize)]
pub struct Recovered {
    /// The last number that was acknowledged in each room.
    pub heads: Heads,
}

/// What the clients say at last.
#[derive(Deserialize)]
pub struct Stopped {
    pub outcome: Outcome,
    /// The last number in each room's history.
    pub heads: Heads,
}

impl Clients {
    /// Starts them; answers when all are connected and talk, with who is to be played by the Rust client.
    pub async fn start(url: &str, args: &Args) -> Result<(Self, Vec<User>)> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut process = Command::new("node")
            .arg("clients/chaos.mjs")
            .args(["--url", url])
            .args(["--users", &args.users.to_string()])
            .args(["--rust-users", &args.rust_users.to_string()])
            .args(["--rooms", &args.rooms.to_string()])
            .args(["--rate", &args.rate.to_string()])
            .current_dir(tests)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("node cannot be started")?;
        let input = process.stdin.take().context("it was piped")?;
        let output = process.stdout.take().context("it was piped")?;
        let mut clients = Self {
            _process: process,
            input,
            output: BufReader::new(output).lines(),
        };
        let Started { rust_users } = read(&clients.line().await?)?;
        Ok((clients, rust_users))
    }

    /// Waits until everybody is connected, and a message sent from now on has reached all of its
    /// receivers in every room.
    pub async fn recovered(&mut self) -> Result<Recovered> {
        read(&self.ask("recovered").await?)
    }

    /// Stops talking, waits for what is on its way, and counts.
    pub async fn stop(mut self) -> Result<Stopped> {
        read(&self.ask("stop").await?)
    }

    async fn ask(&mut self, question: &str) -> Result<String> {
        self.input
            .write_all(format!("{question}\n").as_bytes())
            .await?;
        self.line().await
    }

    async fn line(&mut self) -> Result<String> {
        match timeout(PATIENCE, self.output.next_line()).await {
            Ok(Ok(Some(line))) => Ok(line),
            Ok(_) => bail!("the clients have ended"),
            Err(_) => bail!("the clients say nothing for {PATIENCE:?}"),
        }
    }
}

fn read<T: for<'de> Deserialize<'de>>(answer: &str) -> Result<T> {
    serde_json::from_str(answer).with_context(|| format!("the clients failed: {answer}"))
}
