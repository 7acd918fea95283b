//! The process: everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    confab_chassis::process::run("confab-message-store", confab_message_store::start)
}
