//! The gateway's process.

use std::process::ExitCode;

fn main() -> ExitCode {
    confab_chassis::process::run("confab-gateway", confab_gateway::start)
}
