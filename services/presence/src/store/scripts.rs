//! The Lua scripts, each an operation that happens wholly or not at all.

use fred::types::scripts::Script;

macro_rules! script {
    ($file:literal) => {
        Script::from_lua(concat!(
            include_str!("prelude.lua"),
            "\n",
            include_str!($file)
        ))
    };
}

/// All scripts, hashed once.
#[derive(Clone, Debug)]
pub struct Scripts {
    pub connect: Script,
    pub disconnect: Script,
    pub query: Script,
    pub renew: Script,
    pub expired: Script,
    pub vacate: Script,
    pub claim: Script,
    pub confirm: Script,
    pub unstored: Script,
    pub stored: Script,
    pub census: Script,
}

impl Scripts {
    pub fn new() -> Self {
        Self {
            connect: script!("connect.lua"),
            disconnect: script!("disconnect.lua"),
            query: script!("query.lua"),
            renew: script!("renew.lua"),
            expired: script!("expired.lua"),
            vacate: script!("vacate.lua"),
            claim: script!("claim.lua"),
            confirm: script!("confirm.lua"),
            unstored: script!("unstored.lua"),
            stored: script!("stored.lua"),
            census: script!("census.lua"),
        }
    }
}
