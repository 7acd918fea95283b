//! MongoDB: `MONGODB_URI`, a `mongod` on the PATH, or SecantusDB; in this order.

mod mongod;
mod secantus;
mod wire;

use super::{Place, Source, given};
use crate::launch::Candidate;
use crate::process::Spec;
use anyhow::Result;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use wire::{Value, ask};

pub fn find(place: &Place<'_>) -> Result<Source> {
    if let Some(given) = given("MONGODB_URI", 27017)? {
        return Ok(given);
    }
    match mongod::find(place) {
        Some(mongod) => Ok(mongod),
        None => secantus::find(place),
    }
}

/// A server we start ourselves.
struct Server {
    program: PathBuf,
    /// Below the data folder; named after the engine's version, since none reads another's files.
    folder: PathBuf,
    arguments: Vec<OsString>,
    url_options: &'static str,
    ready: Box<dyn Fn() -> bool>,
}

fn ours(place: &Place<'_>, server: Server) -> Source {
    let Server {
        program,
        folder,
        arguments,
        url_options,
        ready,
    } = server;
    let port = place.mongo_port;
    let log = place.log("mongo");
    let candidate = move || {
        std::fs::create_dir_all(storage(&folder))?;
        let spec = Spec {
            name: "mongo".to_owned(),
            program,
            arguments,
            environment: Vec::new(),
            log,
        };
        Ok(Candidate { spec, ready })
    };
    let url = format!("mongodb://127.0.0.1:{port}/?{url_options}");
    Source::Ours {
        url,
        port,
        name: "mongo",
        candidate: Box::new(candidate),
    }
}

fn storage(folder: &Path) -> PathBuf {
    folder.join("storage")
}

fn greets_as_primary(port: u16) -> Result<bool> {
    Ok(ask(port, vec![("hello", Value::Integer(1))])?.is_true("isWritablePrimary"))
}
