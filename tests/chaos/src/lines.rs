//! The lines between gateways and Redis, through which they are led so that they can be cut.

use anyhow::{Context as _, Result};
use confab_testkit::Proxy;

use crate::victim::Victim;

/// A gateway's line to Redis.
pub struct Line {
    pub name: String,
    proxy: Proxy,
}

impl Line {
    /// Leads a gateway's line through a proxy; it takes effect with the gateway's next start.
    pub async fn lead(gateway: &mut Victim) -> Result<Self> {
        let url = gateway
            .variable("REDIS_URL")
            .with_context(|| format!("{} has no REDIS_URL", gateway.name))?;
        let address = url.strip_prefix("redis://").with_context(|| {
            format!("only redis://host:port can be led through a proxy, not {url}")
        })?;
        let proxy = Proxy::to(address).await;
        gateway.set("REDIS_URL", &format!("redis://{}", proxy.address));
        Ok(Self {
            name: format!("{} to redis", gateway.name),
            proxy,
        })
    }

    pub fn cut(&self) {
        self.proxy.cut();
    }

    pub fn mend(&self) {
        self.proxy.mend();
    }
}
