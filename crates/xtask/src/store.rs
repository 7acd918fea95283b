//! The two stores a cluster needs: found in the environment, on the PATH, or fetched.

mod mongo;
mod redis;
#[cfg(test)]
mod tests;
mod version;
mod wheel;

use crate::launch::{Candidate, Launch};
use crate::ports::{self, Need};
use anyhow::{Result, bail};
use serde::Serialize;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

pub use redis::program as redis_program;

/// A store as others reach it; no pid if it was not started by us.
#[derive(Clone, Debug, Serialize)]
pub struct Endpoint {
    pub url: String,
    pub pid: Option<u32>,
}

/// Where the stores' programs, data and logs go, and which ports they may use.
pub struct Place<'a> {
    pub tools: &'a Path,
    pub data: &'a Path,
    pub redis_port: u16,
    pub mongo_port: u16,
}

impl Place<'_> {
    fn log(&self, name: &str) -> std::path::PathBuf {
        self.data.join("logs").join(format!("{name}.log"))
    }
}

/// Both stores, chosen but not yet started.
pub struct Stores {
    redis: Source,
    mongo: Source,
}

enum Source {
    /// Somebody else runs it.
    Given(String),
    Ours {
        url: String,
        port: u16,
        name: &'static str,
        candidate: Box<dyn FnOnce() -> Result<Candidate>>,
    },
}

impl Stores {
    /// Finds or fetches the programs; says on the way what it took.
    pub fn find(place: &Place<'_>) -> Result<Self> {
        Ok(Self {
            redis: redis::find(place)?,
            mongo: mongo::find(place)?,
        })
    }

    pub fn needs(&self) -> Vec<Need> {
        [&self.redis, &self.mongo]
            .into_iter()
            .filter_map(Source::need)
            .collect()
    }

    /// Starts what is ours as one wave; returns Redis and MongoDB, in this order.
    pub fn start(self, launch: &mut Launch) -> Result<[Endpoint; 2]> {
        let mut candidates = Vec::new();
        let mut claim = |source| -> Result<(String, bool)> {
            match source {
                Source::Given(url) => Ok((url, false)),
                Source::Ours { url, candidate, .. } => {
                    candidates.push(candidate()?);
                    Ok((url, true))
                }
            }
        };
        let urls = [claim(self.redis)?, claim(self.mongo)?];
        let mut pids = launch.wave(candidates)?.into_iter();
        Ok(urls.map(|(url, ours)| Endpoint {
            url,
            pid: if ours { pids.next() } else { None },
        }))
    }
}

impl Source {
    fn need(&self) -> Option<Need> {
        match self {
            Self::Given(_) => None,
            Self::Ours { port, name, .. } => Some((*port, (*name).to_owned())),
        }
    }
}

/// A store somebody else runs, if the environment names one that answers.
fn given(variable: &str, default_port: u16) -> Result<Option<Source>> {
    let Some(url) = std::env::var(variable).ok().filter(|url| !url.is_empty()) else {
        return Ok(None);
    };
    println!("    {variable} is set: using {}", without_password(&url));
    if let Some(authority) = first_host(&url, default_port)
        && !answers(&authority)
    {
        bail!(
            "nothing answers at {authority}, where {variable} points; start that server, correct \
             the variable, or unset it to have a store fetched and started for you"
        );
    }
    Ok(Some(Source::Given(url)))
}

fn answers(authority: &str) -> bool {
    let mut addresses = authority.to_socket_addrs().into_iter().flatten();
    addresses.any(|address| TcpStream::connect_timeout(&address, Duration::from_secs(5)).is_ok())
}

/// `host:port` of the first server in a URL; none where a look-up in DNS is needed first.
fn first_host(url: &str, default_port: u16) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if scheme.ends_with("+srv") {
        return None;
    }
    let authority = rest.split(['/', '?']).next()?;
    let hosts = authority
        .rsplit_once('@')
        .map_or(authority, |(_, hosts)| hosts);
    let host = hosts.split(',').next()?;
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Some(if has_port {
        host.to_owned()
    } else {
        format!("{host}:{default_port}")
    })
}

fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://***@{rest}"),
        _ => url.to_owned(),
    }
}

/// Two free ports for stores that live as long as one command.
pub fn free_ports() -> Result<[u16; 2]> {
    Ok([ports::free_port()?, ports::free_port()?])
}
