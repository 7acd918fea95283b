//! `cargo xtask stores`: a private pair of stores, for as long as a command or a person needs it.

use crate::checkout::Checkout;
use crate::command;
use crate::files::TemporaryFolder;
use crate::interrupt::{self, Interrupted};
use crate::launch::Launch;
use crate::process::Lifetime;
use crate::store::{Endpoint, Place, Stores, free_ports, redis_program};
use anyhow::Result;
use clap::Args;
use std::time::Duration;

const GLANCE: Duration = Duration::from_millis(100);

/// Start empty stores on free ports, for a command or until Ctrl-C
///
/// Example: cargo xtask stores cargo nextest run -p confab-auth
///
/// The command finds them in MONGODB_URI and REDIS_URL. Their data is deleted afterwards. Stores
/// that these variables name already are used as they are.
#[derive(Args)]
pub struct Options {
    /// The command to run; without one the addresses are printed
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "COMMAND"
    )]
    command: Vec<String>,
}

/// Running stores with the folder of their data. Dropping it stops them, then deletes the data.
pub struct Private {
    pub launch: Launch,
    redis: Endpoint,
    mongo: Endpoint,
    redis_server: String,
    _data: TemporaryFolder,
}

impl Private {
    pub fn start(checkout: &Checkout) -> Result<Self> {
        let data = TemporaryFolder::create(&checkout.target.join("stores"), "run")?;
        let [redis_port, mongo_port] = free_ports()?;
        let tools = checkout.tools()?;
        let place = Place {
            tools: &tools,
            data: data.path(),
            redis_port,
            mongo_port,
        };
        // Some tests kill a Redis, which must be one of their own.
        let redis_server = redis_program(&tools)?.to_string_lossy().into_owned();
        let mut launch = Launch::new(Lifetime::WithUs);
        let [redis, mongo] = Stores::find(&place)?.start(&mut launch)?;
        Ok(Self {
            launch,
            redis,
            mongo,
            redis_server,
            _data: data,
        })
    }

    /// What tests read.
    pub fn environment(&self) -> [(&'static str, &str); 3] {
        [
            ("MONGODB_URI", &self.mongo.url),
            ("REDIS_URL", &self.redis.url),
            ("REDIS_SERVER", &self.redis_server),
        ]
    }
}

pub fn stores(options: Options) -> Result<()> {
    interrupt::listen()?;
    let mut stores = Private::start(&Checkout::find()?)?;
    if let Some((program, arguments)) = options.command.split_first() {
        let mut command = std::process::Command::new(program);
        return command::run(command.args(arguments).envs(stores.environment()));
    }
    for (name, value) in stores.environment() {
        println!("export {name}='{value}'");
    }
    println!("# Ctrl-C stops them");
    loop {
        match stores.launch.check() {
            Ok(()) => std::thread::sleep(GLANCE),
            Err(error) if error.is::<Interrupted>() => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
