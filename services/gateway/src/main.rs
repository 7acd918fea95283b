//! The gateway's process.

use std::process::ExitCode;

/// A delivery makes many small allocations, and often one thread frees what another made. Against
/// glibc's allocator this saves a sixth of the CPU time per delivery and costs 12 KiB per connection
/// (`cargo xtask bench`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    confab_chassis::process::run("confab-gateway", confab_gateway::start)
}
