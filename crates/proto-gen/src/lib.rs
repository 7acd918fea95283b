//! Compiles `proto/` into a folder, in pure Rust (protox, no protoc). It does not use what it generates:
//! a contract that does not compile must not keep its own mending from running.

use std::path::Path;

use prost::Message;

/// The contracts, relative to `proto/`.
const FILES: [&str; 8] = [
    "confab/auth/v1/auth.proto",
    "confab/event/v1/event.proto",
    "confab/gateway/v1/gateway.proto",
    "confab/message/v1/media.proto",
    "confab/message/v1/message.proto",
    "confab/message/v1/room.proto",
    "confab/message/v1/search.proto",
    "confab/presence/v1/presence.proto",
];

/// Writes one Rust file per package, and `descriptors.bin` for reflection, into `out`.
///
/// # Errors
/// If a contract does not compile or a file cannot be written.
pub fn generate(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto");
    let descriptors = protox::compile(FILES, [root])?;
    std::fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        .bytes(".confab.auth.v1.SigningKey.public_key")
        // Clients are made from channels that exist: a `connect` of their own would also collide with
        // presence's method of that name.
        .build_transport(false)
        .out_dir(out)
        .compile_fds(descriptors)?;
    Ok(())
}
