//! From where a request came: the peer, or what proxies say that are trusted to. No I/O.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use http::HeaderMap;
use ipnet::IpNet;

/// How many proxies a request may have come through.
const MOST_HOPS: usize = 16;

/// The address of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What is counted as one: whoever has one address of IPv6 has its whole /64.
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let prefix = u128::from(address) & (u128::MAX << 64);
                IpAddr::V6(Ipv6Addr::from(prefix))
            }
        }
    }
}

/// Which header the proxies write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    XForwardedFor,
    Forwarded,
}

/// The proxies whose word is taken.
#[derive(Debug)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ProxyHeader,
    /// Somebody who is not trusted has said where a request came from.
    contradicted: AtomicBool,
}

impl TrustedProxies {
    /// These; what is not a network is left out, for `Config::problems` has told of it.
    pub fn new(networks: &[String], header: ProxyHeader) -> Self {
        let networks = networks.iter().filter_map(|text| network(text)).collect();
        Self {
            networks,
            header,
            contradicted: AtomicBool::new(false),
        }
    }

    /// Where a request came from. Each proxy adds its own peer at the end, so the list is read from there:
    /// as long as who says it is trusted, it is believed. What stands further to the front is the
    /// client's own invention.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut address = peer.to_canonical();
        if !self.trusts(address) {
            return ClientAddress(address);
        }
        for said in self.said(headers).take(MOST_HOPS) {
            let Some(before) = said else { break };
            address = before.to_canonical();
            if !self.trusts(address) {
                break;
            }
        }
        ClientAddress(address)
    }

    /// Whether this is the first request that says where it came from while its peer's word is not taken.
    pub fn contradicts_first(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        headers.contains_key(self.name())
            && !self.trusts(peer.to_canonical())
            && !self.contradicted.swap(true, Ordering::Relaxed)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|net| net.contains(&address))
    }

    const fn name(&self) -> &'static str {
        match self.header {
            ProxyHeader::XForwardedFor => "x-forwarded-for",
            ProxyHeader::Forwarded => "forwarded",
        }
    }

    /// The addresses of the header, the last one first; none where one cannot be read.
    fn said(&self, headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
        let read = match self.header {
            ProxyHeader::XForwardedFor => |entry: &str| node(entry.trim()),
            ProxyHeader::Forwarded => |entry: &str| forwarded(entry),
        };
        let lines = headers.get_all(self.name()).iter().rev();
        lines.flat_map(move |line| {
            let line = line.to_str().unwrap_or_default();
            line.rsplit(',').map(read)
        })
    }
}

/// A network, or one address.
pub fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address)
}

/// `for=192.0.2.1;proto=https`, as in RFC 7239.
fn forwarded(entry: &str) -> Option<IpAddr> {
    let mut pairs = entry
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    node(value.trim_matches('"'))
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn node(text: &str) -> Option<IpAddr> {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    let without_port = || text.split_once(':')?.0.parse().ok();
    text.parse().ok().or_else(without_port)
}

#[cfg(test)]
mod tests;
