//! Running the official clients: programs in JavaScript and Python that say in one line how it went.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// The longest that any of them may take; each has a shorter deadline of its own.
const LIMIT: Duration = Duration::from_secs(240);

/// A program that has ended.
pub struct Script {
    /// Whether it ended with 0.
    pub succeeded: bool,
    /// What it wrote.
    pub output: String,
}

impl Script {
    /// Asserts that it went well.
    ///
    /// # Panics
    /// With all its output, if it did not.
    pub fn succeeds(&self) {
        assert!(self.succeeded, "{}", self.output);
    }
}

/// Runs a JavaScript client below `tests/`, to its end.
pub async fn node(path: &str, arguments: &[&str]) -> Script {
    let modules = tests().join("clients/node_modules");
    assert!(
        modules.is_dir(),
        "the JavaScript clients are not installed: `npm ci --prefix tests/clients`, or `cargo xtask test`"
    );
    run(Path::new("node"), &[&[path], arguments].concat()).await
}

/// Runs Python in the environment that `cargo xtask test` prepared, to its end.
pub async fn python(arguments: &[&str]) -> Script {
    let python = tests().join("../target/venv/bin/python");
    assert!(
        python.is_file(),
        "the Python tools are not installed: `cargo xtask test` prepares them in target/venv"
    );
    run(&python, arguments).await
}

/// Runs `confab-chaos`, to its end.
pub async fn chaos(arguments: &[&str]) -> Script {
    run(&crate::cluster::binaries().join("confab-chaos"), arguments).await
}

async fn run(program: &Path, arguments: &[&str]) -> Script {
    let child = Command::new(program)
        .args(arguments)
        .current_dir(tests())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{} cannot be started: {error}", program.display()));
    let output = tokio::time::timeout(LIMIT, child.wait_with_output())
        .await
        .unwrap_or_else(|_| panic!("{arguments:?} took longer than {LIMIT:?}"))
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Script {
        succeeded: output.status.success(),
        output: text(&output.stderr) + &text(&output.stdout),
    }
}

fn tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
