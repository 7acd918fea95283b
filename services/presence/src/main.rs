//! The presence service as a process.

use std::process::ExitCode;

fn main() -> ExitCode {
    confab_chassis::process::run("confab-presence", confab_presence::start)
}
