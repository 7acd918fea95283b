//! The lines from our processes to one another and to the stores, led through proxies so that they can be cut.

use anyhow::{Context as _, Result};
use confab_testkit::Proxy;

use crate::victim::Victim;

/// Which lines there are: of whom, by which variable, and to what.
const LINES: [(&str, &str, &str); 8] = [
    ("gateway", "REDIS_URL", "redis"),
    ("gateway", "MESSAGE_STORE_URL", "message-store"),
    ("gateway", "PRESENCE_URL", "presence"),
    ("gateway", "AUTH_URL", "auth"),
    ("presence", "REDIS_URL", "redis"),
    ("presence", "AUTH_URL", "auth"),
    ("message-store", "MONGODB_URI", "mongo"),
    ("auth", "MONGODB_URI", "mongo"),
];

/// The line from a process to all replicas of another kind.
pub struct Line {
    /// Of which process it is.
    pub name: String,
    /// Of which kind of process it is, the same for all replicas.
    pub kind: String,
    proxies: Vec<Proxy>,
}

impl Line {
    /// Leads all lines of a process through proxies; it takes effect with its next start.
    pub async fn lead(victim: &mut Victim) -> Result<Vec<Self>> {
        let kind = victim.kind;
        let mut lines = Vec::new();
        for (_, variable, to) in LINES.into_iter().filter(|(from, ..)| *from == kind) {
            let urls = victim
                .variable(variable)
                .with_context(|| format!("{} has no {variable}", victim.name))?;
            let (mut led, mut proxies) = (Vec::new(), Vec::new());
            for url in urls.split(',') {
                let address = address(url)
                    .with_context(|| format!("only scheme://host:port can be led, not {url}"))?;
                let proxy = Proxy::to(address).await;
                led.push(url.replacen(address, &proxy.address.to_string(), 1));
                proxies.push(proxy);
            }
            victim.set(variable, &led.join(","));
            lines.push(Self {
                name: format!("{} to {to}", victim.name),
                kind: format!("{kind} to {to}"),
                proxies,
            });
        }
        Ok(lines)
    }

    /// Breaks its connections, and lets none through.
    pub fn cut(&self) {
        self.proxies.iter().for_each(Proxy::cut);
    }

    /// Leaves its connections open, and lets nothing through them any more.
    pub fn silence(&self) {
        self.proxies.iter().for_each(Proxy::silence);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.proxies.iter().for_each(Proxy::mend);
    }
}

/// The `host:port` of a URL without a user.
fn address(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let address = rest.split(['/', '?']).next()?;
    let (host, port) = address.rsplit_once(':')?;
    let is_one = !host.is_empty() && !host.contains(',');
    (is_one && port.parse::<u16>().is_ok()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_found_in_any_url_that_names_a_port() {
        for (url, found) in [
            ("redis://127.0.0.1:7", Some("127.0.0.1:7")),
            ("mongodb://127.0.0.1:8/confab?x=1", Some("127.0.0.1:8")),
            ("mongodb://127.0.0.1:8?x=1", Some("127.0.0.1:8")),
            ("http://[::1]:9/", Some("[::1]:9")),
            ("http://host", None),
            ("mongodb://a:1,b:2/", None),
            ("host:1", None),
        ] {
            assert_eq!(address(url), found, "{url}");
        }
    }
}
