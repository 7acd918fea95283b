//! Running a command in the person's terminal, so that its progress shows, until it ends or
//! somebody asks us to stop.

use crate::identity::send;
use crate::interrupt::{self, Interrupted};
use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

const GLANCE: Duration = Duration::from_millis(20);
/// The terminal's Ctrl-C reaches the command as well as us, and told twice many give up at once.
const COURTESY: Duration = Duration::from_secs(3);

/// A command failed after it had said why.
#[derive(Debug)]
pub struct Failed {
    pub what: String,
    pub code: u8,
}

impl std::error::Error for Failed {}

impl std::fmt::Display for Failed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} failed", self.what)
    }
}

/// Runs it to its end; a status other than success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let what = name(command);
    let status = status(command)?;
    if status.success() {
        return Ok(());
    }
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(1);
    Err(Failed { what, code }.into())
}

fn status(command: &mut Command) -> Result<ExitStatus> {
    interrupt::check()?;
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {}", name(command)))?;
    let mut told = false;
    let mut asked = None;
    loop {
        if let Some(status) = child.try_wait()? {
            // A command that was interrupted with us may report it in any way it likes.
            return if interrupt::requested() {
                Err(Interrupted.into())
            } else {
                Ok(status)
            };
        }
        if interrupt::requested() && !told {
            told = asked.get_or_insert_with(Instant::now).elapsed() > COURTESY;
            if told {
                send(child.id(), Signal::SIGTERM);
            }
        }
        std::thread::sleep(GLANCE);
    }
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// A program on the PATH, or where Debian keeps servers that ordinary users' PATH leaves out.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|candidate| executable(candidate))
}

fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
