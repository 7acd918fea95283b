//! `cargo xtask gen`: writes `crates/proto/src/gen` anew.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    confab_proto_gen::generate(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../proto/src/gen"))
}
