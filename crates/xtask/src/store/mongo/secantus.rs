//! SecantusDB, a small server that speaks MongoDB's protocol, as a process of its own: for trying
//! out and testing. It is GPL and must never be linked.

use super::{Server, greets_as_primary, ours, storage};
use crate::store::wheel::{Build, Wheel};
use crate::store::{Place, Source};
use anyhow::Result;
use std::ffi::OsString;
use std::path::PathBuf;

const SECANTUS: Wheel = Wheel {
    project: "SecantusDB",
    version: "0.6.0b17",
    variable: "MONGODB_URI",
    server: "MongoDB 7+",
    builds: &[
        Build {
            system: "linux-x86_64-gnu",
            tag: "manylinux_2_28_x86_64",
            sha256: "fe8ccfd1295c872c92a4c4c13c5a6a1dead88b2ff3b9aafb361406ec8aac4d14",
            program: "secantusdb.scripts/secantusd-rs",
        },
        Build {
            system: "linux-aarch64-gnu",
            tag: "manylinux_2_28_aarch64",
            sha256: "690fed7d7268bf7e90aeb2c8a5b390b32b34685170df9a304f961713e30540fe",
            program: "secantusdb.scripts/secantusd-rs",
        },
        Build {
            system: "linux-x86_64-musl",
            tag: "musllinux_1_2_x86_64",
            sha256: "4f648c25d5c4015fa9b37831c1caaaa3a8e7cd1bccc1c5f27c3bcb7731a1dba4",
            program: "secantusdb.scripts/secantusd-rs",
        },
        Build {
            system: "macos-aarch64",
            tag: "macosx_11_0_arm64",
            sha256: "030a69eabbbb0761c244c0d041c1aa89df17680b26c98b374030f61b1c890aec",
            program: "secantusdb-0.6.0b17.data/scripts/secantusd-rs",
        },
    ],
};

pub fn find(place: &Place<'_>) -> Result<Source> {
    let program = SECANTUS.install(place.tools)?;
    println!(
        "    MongoDB: SecantusDB {} (to try out and test with)",
        SECANTUS.version
    );
    server(place, program)
}

fn server(place: &Place<'_>, program: PathBuf) -> Result<Source> {
    let port = place.mongo_port;
    let folder = place
        .data
        .join(format!("mongo-secantusdb-{}", SECANTUS.version));
    // An empty configuration keeps it from reading one elsewhere.
    let configuration = folder.join("empty.toml");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(&configuration, "")?;
    let mut arguments: Vec<OsString> = vec!["--config".into(), configuration.into()];
    arguments.extend(["--host".into(), "127.0.0.1".into()]);
    arguments.extend(["--port".into(), port.to_string().into()]);
    arguments.extend(["--storage-path".into(), storage(&folder).into()]);
    arguments.extend(["--cache-size", "1G", "--log-file-max", "128MB"].map(OsString::from));
    // Without it an acknowledged write may be lost when the server is killed.
    arguments.push("--sync-on-commit".into());
    arguments.extend(["--log-level", "WARNING"].map(OsString::from));
    // Its retryable writes are seven times slower than plain ones.
    let url_options = "directConnection=true&retryWrites=false";
    let ready = Box::new(move || greets_as_primary(port).unwrap_or(false));
    let server = Server {
        program,
        folder,
        arguments,
        url_options,
        ready,
    };
    Ok(ours(place, server))
}
