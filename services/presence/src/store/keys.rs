//! The names of the Redis keys, all of them.
//!
//! Scripts work out the keys of single users by themselves, as those are not known beforehand. That
//! is fine on a single Redis or Valkey and behind Sentinel. On a Redis Cluster a script sees only the
//! keys of one slot: there `REDIS_KEY_PREFIX` must carry a hash tag (`{confab}:`), which puts all of
//! presence into one slot.

/// How many keys the scripts are given; `prelude.lua` names them in this order.
const FIXED: [&str; 9] = [
    // SET: users with at least one socket.
    "user:online",
    // ZSET: user -> when to tell that they came or went, in milliseconds.
    "presence:departed",
    // HASH: user -> what there is to tell.
    "presence:edges",
    // ZSET: user -> last seen, in milliseconds, while auth has not stored it.
    "presence:unstored",
    // ZSET: gateway -> end of its lease, in milliseconds.
    "gateway:leases",
    // HASH: gateway -> where other gateways reach it.
    "gateway:urls",
    // STRING: there while some replica is storing last-seen times.
    "presence:recorder",
    // STRING: when a lease was taken first, in milliseconds. If it is not there, Redis is new, or has
    // lost its data.
    "presence:begun",
    // STRING: there from then on until all gateways that live have had the time to tell of their sockets.
    "presence:incomplete",
];

/// What the keys of single users and gateways begin with; `prelude.lua` takes them in this order.
const FAMILIES: [&str; 2] = [
    // SET per user: connection ids.
    "user:sockets:",
    // SET per gateway: "<user> <connection>".
    "gateway:sockets:",
];

/// The keys under one prefix.
#[derive(Clone, Debug)]
pub struct Keys {
    fixed: Vec<String>,
    families: Vec<String>,
    leases: String,
}

impl Keys {
    pub fn new(prefix: &str) -> Self {
        let prefixed =
            |names: &[&str]| names.iter().map(|name| format!("{prefix}{name}")).collect();
        Self {
            fixed: prefixed(&FIXED),
            families: prefixed(&FAMILIES),
            leases: format!("{prefix}gateway:leases"),
        }
    }

    /// What every script gets as `KEYS`.
    pub fn fixed(&self) -> Vec<String> {
        self.fixed.clone()
    }

    /// What every script gets as its first arguments.
    pub fn families(&self) -> &[String] {
        &self.families
    }

    /// The leases, for the one command that needs no script.
    pub fn leases(&self) -> &str {
        &self.leases
    }
}
