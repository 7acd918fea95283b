//! One process of a cluster: its log in a file, its end by pid.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};

/// A running process; killed when dropped.
pub struct Process {
    /// What it is, as in its log's file name.
    pub name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `program` with the environment `env`, and nothing else of ours.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn start(name: &str, program: &Path, arguments: &[&str], env: &[(String, String)]) -> Self {
        let log = folder().join(format!("{}-{name}.log", std::process::id()));
        let output = File::create(&log).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(std::env::vars().filter(|(key, _)| key == "PATH"))
            .envs(env.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "{} cannot be started ({error}): build the services with \
                     `cargo build --workspace --bins`, or use `cargo xtask test`",
                    program.display()
                )
            });
        Self {
            name: name.to_owned(),
            child,
            log,
        }
    }

    /// Sends a signal.
    ///
    /// # Panics
    /// If the process has ended.
    pub fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.pid()), signal).unwrap();
    }

    /// Its number.
    ///
    /// # Panics
    /// If the process has ended.
    #[must_use]
    pub fn pid(&self) -> i32 {
        let pid = self.child.id();
        let pid = pid.unwrap_or_else(|| panic!("{} has ended", self.name));
        i32::try_from(pid).unwrap()
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If it has not ended after `limit`.
    pub async fn ended(&mut self, limit: Duration) -> ExitStatus {
        match tokio::time::timeout(limit, self.child.wait()).await {
            Ok(status) => status.unwrap(),
            Err(_) => panic!(
                "{} did not end within {limit:?}; its log:\n{}",
                self.name,
                self.log()
            ),
        }
    }

    /// Kills it without a word, and waits until it is gone.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Whether it runs.
    ///
    /// # Panics
    /// If the system does not say.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// What it has written so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// A new, empty folder of this test's own.
///
/// # Panics
/// If it cannot be made.
#[must_use]
pub fn scratch(name: &str) -> PathBuf {
    // Without nextest, all tests are one process.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = folder().join(format!("{process}-{number}-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Where logs and configurations of test runs are kept, below the target folder.
pub fn folder() -> PathBuf {
    let executable = std::env::current_exe().unwrap();
    let folder = executable.ancestors().nth(2).unwrap().join("e2e");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
