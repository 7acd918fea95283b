//! What the tests need besides cargo: npm and pip packages, a balancer, a browser.

#[cfg(test)]
mod tests;

use crate::checkout::Checkout;
use crate::command::{find, run};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Installs what the lock file says, unless npm's own note of the last install is newer than it.
pub fn npm(root: &Path) -> Result<()> {
    let clients = root.join("tests/clients");
    let installed = clients.join("node_modules/.package-lock.json");
    if newer(&installed, &clients.join("package-lock.json")) {
        println!("    already installed");
        return Ok(());
    }
    let npm = find("npm").context(
        "npm is not on the PATH, and the JavaScript client is tested with Node; install Node 20 or \
         newer (Debian: apt-get install nodejs npm)",
    )?;
    run(Command::new(npm)
        .args(["ci", "--no-audit", "--no-fund", "--prefix"])
        .arg(&clients)
        .current_dir(root))
    .context("npm could not install tests/clients; is its registry reachable?")
}

/// A virtual environment with `tests/requirements.txt`, made anew when that file has changed.
pub fn python(checkout: &Checkout) -> Result<()> {
    let wanted = checkout.root.join("tests/requirements.txt");
    let venv = venv(checkout);
    let Ok(requirements) = std::fs::read(&wanted) else {
        println!("    tests/requirements.txt does not exist: nothing to install");
        return Ok(());
    };
    // A copy of what was installed, written last.
    let installed = venv.join("requirements.txt");
    if std::fs::read(&installed).is_ok_and(|bytes| bytes == requirements) {
        println!("    already installed");
        return Ok(());
    }
    let python = find("python3").context("python3 is not on the PATH; install Python 3")?;
    run(Command::new(python)
        .args(["-m", "venv", "--clear"])
        .arg(&venv))
    .context("python3 cannot make a virtual environment (Debian: apt-get install python3-venv)")?;
    run(Command::new(venv.join("bin/python"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(&wanted))
    .context("pip could not install tests/requirements.txt; is its index reachable?")?;
    Ok(std::fs::write(installed, requirements)?)
}

/// Installs a Debian package unless one of these programs is there.
pub fn debian_package(package: &str, programs: &[&str]) -> Result<()> {
    if let Some(program) = programs.iter().find_map(|program| find(program)) {
        println!("    found {}", program.display());
        return Ok(());
    }
    if !nix::unistd::geteuid().is_root() || find("apt-get").is_none() {
        bail!(
            "{package} is missing and the tests need it; install it (`apt-get install {package}` as root)"
        );
    }
    let apt = || {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(apt().args(["update", "-qq"]))?;
    run(apt().args(["install", "-y", "-qq", "--no-install-recommends", package]))
}

/// The virtual environment's Python first; last the folders of servers, which the PATH of ordinary
/// users leaves out.
pub fn path_for_tests(checkout: &Checkout) -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let first = std::iter::once(venv(checkout).join("bin"));
    let last = ["/usr/local/sbin", "/usr/sbin"].map(PathBuf::from);
    Ok(std::env::join_paths(
        first.chain(std::env::split_paths(&path)).chain(last),
    )?)
}

fn venv(checkout: &Checkout) -> PathBuf {
    checkout.target.join("venv")
}

fn newer(file: &Path, than: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|file| file.modified());
    matches!((changed(file), changed(than)), (Ok(file), Ok(than)) if file >= than)
}
