//! A process that can be broken and put right again: how it was started is read from `/proc`.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// Longer than any process takes to stop or to start.
const PATIENCE: Duration = Duration::from_secs(40);
const GLANCE: Duration = Duration::from_millis(20);

/// A process of the cluster.
pub struct Victim {
    /// What it is, as in the report: all replicas of one service alike.
    pub kind: &'static str,
    /// Which of them.
    pub name: String,
    /// Answers `/readyz`; none for a store.
    admin_url: Option<String>,
    pid: Pid,
    /// Once it was started by us.
    child: Option<Child>,
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    folder: PathBuf,
    log: PathBuf,
}

impl Victim {
    /// Takes a running process over.
    pub fn adopt(
        kind: &'static str,
        name: String,
        pid: i32,
        admin_url: Option<String>,
    ) -> Result<Self> {
        let of = |file: &str| PathBuf::from(format!("/proc/{pid}/{file}"));
        let read = |file: &str| {
            fs::read(of(file)).with_context(|| format!("{name} (pid {pid}) cannot be looked at"))
        };
        let link = |file: &str| {
            fs::read_link(of(file))
                .with_context(|| format!("{name} (pid {pid}) cannot be looked at"))
        };
        let words = |bytes: Vec<u8>| -> Vec<Vec<u8>> {
            let words = bytes.split(|byte| *byte == 0);
            words
                .filter(|word| !word.is_empty())
                .map(<[u8]>::to_vec)
                .collect()
        };
        let pair = |word: Vec<u8>| {
            let equals = word.iter().position(|byte| *byte == b'=')?;
            let (name, value) = (word[..equals].to_vec(), word[equals + 1..].to_vec());
            Some((OsString::from_vec(name), OsString::from_vec(value)))
        };
        let arguments = words(read("cmdline")?).into_iter().skip(1);
        let (program, folder, log) = (link("exe")?, link("cwd")?, link("fd/1")?);
        ensure!(log.is_file(), "{name} does not log to a file");
        Ok(Self {
            kind,
            admin_url,
            pid: Pid::from_raw(pid),
            child: None,
            program,
            arguments: arguments.map(OsString::from_vec).collect(),
            environment: words(read("environ")?)
                .into_iter()
                .filter_map(pair)
                .collect(),
            folder,
            log,
            name,
        })
    }

    /// What one of its variables says.
    pub fn variable(&self, name: &str) -> Option<String> {
        let found = self.environment.iter().find(|(key, _)| key == name);
        found.and_then(|(_, value)| value.to_str().map(str::to_owned))
    }

    /// Gives a variable another value from the next start on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.retain(|(key, _)| key != name);
        self.environment.push((name.into(), value.into()));
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        kill(self.pid, signal).with_context(|| format!("{} is gone by itself", self.name))
    }

    /// Kills it without a word.
    pub async fn kill(&mut self) -> Result<()> {
        self.signal(Signal::SIGKILL)?;
        self.gone().await
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(&mut self) -> Result<()> {
        self.signal(Signal::SIGTERM)?;
        self.gone().await
    }

    async fn gone(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            tokio::time::timeout(PATIENCE, child.wait())
                .await
                .with_context(|| format!("{} does not stop", self.name))??;
            return Ok(());
        }
        let until = Instant::now() + PATIENCE;
        while !self.is_gone() {
            ensure!(Instant::now() < until, "{} does not stop", self.name);
            sleep(GLANCE).await;
        }
        Ok(())
    }

    /// Who started it may not have taken notice of its end: a zombie is gone.
    fn is_gone(&self) -> bool {
        if kill(self.pid, None) == Err(Errno::ESRCH) {
            return true;
        }
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        stat.rsplit_once(") ")
            .is_none_or(|(_, rest)| rest.starts_with('Z'))
    }

    /// Starts it as it was started before, and does not wait until it is ready.
    pub fn start(&mut self) -> Result<()> {
        let log = OpenOptions::new().append(true).open(&self.log)?;
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started again", self.name))?;
        let pid = child.id().context("it has just been started")?;
        self.pid = Pid::from_raw(i32::try_from(pid)?);
        self.child = Some(child);
        Ok(())
    }

    /// Waits until it says that it is ready.
    pub async fn ready(&self) -> Result<()> {
        let Some(url) = &self.admin_url else {
            return Ok(());
        };
        let until = Instant::now() + PATIENCE;
        while !confab_e2e::answers(&format!("{url}/readyz")).await {
            ensure!(
                Instant::now() < until,
                "{} does not become ready",
                self.name
            );
            sleep(GLANCE).await;
        }
        Ok(())
    }
}
