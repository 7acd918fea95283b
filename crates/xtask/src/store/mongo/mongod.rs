//! A `mongod` 7 or newer, started as a replica set of one: transactions and change streams need a
//! replica set.

use super::wire::{Value, ask};
use super::{Server, greets_as_primary, ours, storage};
use crate::command::find as on_path;
use crate::store::version::{self, Version};
use crate::store::{Place, Source};
use anyhow::Result;
use std::cell::Cell;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const OLDEST: u32 = 7;
const REPLICA_SET: &str = "confab";
const ALREADY_INITIALIZED: i32 = 23;
/// A lone node elects itself within a second or two; after this it must know itself by another port.
const ELECTION: Duration = Duration::from_secs(12);

pub fn find(place: &Place<'_>) -> Option<Source> {
    let (program, version) = installed()?;
    Some(server(place, program, version))
}

fn installed() -> Option<(PathBuf, Version)> {
    let program = on_path("mongod")?;
    let version = version::of(&program)?;
    if version.major < OLDEST {
        println!(
            "    {} is {version}, older than {OLDEST}: not used",
            program.display()
        );
        return None;
    }
    println!("    MongoDB: {} {version}", program.display());
    Some((program, version))
}

fn server(place: &Place<'_>, program: PathBuf, version: Version) -> Source {
    let port = place.mongo_port;
    let folder = place.data.join(format!("mongo-mongod-{version}"));
    let mut arguments: Vec<OsString> = ["--bind_ip", "127.0.0.1", "--replSet", REPLICA_SET]
        .map(OsString::from)
        .to_vec();
    arguments.extend(["--port".into(), port.to_string().into()]);
    arguments.extend(["--dbpath".into(), storage(&folder).into()]);
    let begun = Cell::new(None);
    let ready = Box::new(move || replica_set_is_writable(port, &begun).unwrap_or(false));
    let url_options = "directConnection=true";
    ours(
        place,
        Server {
            program,
            folder,
            arguments,
            url_options,
            ready,
        },
    )
}

/// Makes the node a replica set of one when it answers for the first time. One that was made with
/// another port does not find itself among its members and has to be told its new address.
fn replica_set_is_writable(port: u16, begun: &Cell<Option<Instant>>) -> Result<bool> {
    if greets_as_primary(port)? {
        return Ok(true);
    }
    match begun.get() {
        None => {
            let answer = ask(port, vec![("replSetInitiate", configuration(port))])?;
            if answer.ok() || answer.has_code(ALREADY_INITIALIZED) {
                begun.set(Some(Instant::now()));
            }
        }
        Some(then) if then.elapsed() > ELECTION => {
            ask(
                port,
                vec![
                    ("replSetReconfig", configuration(port)),
                    ("force", Value::True),
                ],
            )?;
            begun.set(Some(Instant::now()));
        }
        Some(_) => {}
    }
    Ok(false)
}

fn configuration(port: u16) -> Value {
    let address = Value::Text(format!("127.0.0.1:{port}"));
    let member = Value::Document(vec![("_id", Value::Integer(0)), ("host", address)]);
    Value::Document(vec![
        ("_id", Value::Text(REPLICA_SET.to_owned())),
        ("version", Value::Integer(1)),
        ("protocolVersion", Value::Integer(1)),
        ("members", Value::Only(Box::new(member))),
    ])
}
