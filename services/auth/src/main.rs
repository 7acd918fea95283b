//! The process: configuration in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    confab_chassis::process::run("confab-auth", confab_auth::start)
}
