//! Which port each process of the local cluster listens on; the README's port table in code.

#[cfg(test)]
mod tests;

use anyhow::{Result, bail, ensure};
use std::net::{Ipv4Addr, TcpListener};

pub const MAX_GATEWAYS: u16 = 10;
pub const MAX_MESSAGE_STORES: u16 = 5;
const LAST: u16 = 61;

/// How many replicas of what.
#[derive(Clone, Copy)]
pub struct Shape {
    pub gateways: u16,
    pub message_stores: u16,
}

/// All ports of one cluster, counted from a base.
#[derive(Clone, Copy)]
pub struct Ports {
    base: u16,
}

/// A port and, in words, who needs it.
pub type Need = (u16, String);

impl Ports {
    pub fn new(base: u16) -> Result<Self> {
        let highest = u16::MAX - LAST;
        ensure!(
            (1024..=highest).contains(&base),
            "--port-base must lie between 1024 and {highest}, not {base}"
        );
        Ok(Self { base })
    }

    pub fn gateway_http(self, replica: u16) -> u16 {
        self.base + replica
    }

    pub fn gateway_grpc(self, replica: u16) -> u16 {
        self.base + 10 + replica
    }

    pub fn gateway_admin(self, replica: u16) -> u16 {
        self.base + 20 + replica
    }

    pub fn auth_grpc(self) -> u16 {
        self.base + 30
    }

    pub fn auth_admin(self) -> u16 {
        self.base + 35
    }

    pub fn message_store_grpc(self, replica: u16) -> u16 {
        self.base + 40 + replica
    }

    pub fn message_store_admin(self, replica: u16) -> u16 {
        self.base + 45 + replica
    }

    pub fn presence_grpc(self) -> u16 {
        self.base + 50
    }

    pub fn presence_admin(self) -> u16 {
        self.base + 55
    }

    pub fn redis(self) -> u16 {
        self.base + 60
    }

    pub fn mongo(self) -> u16 {
        self.base + LAST
    }

    /// What the services of a cluster of this shape will bind.
    pub fn needs(self, shape: Shape) -> Vec<Need> {
        let mut needs = vec![
            (self.auth_grpc(), "auth (gRPC)".to_owned()),
            (self.auth_admin(), "auth (admin)".to_owned()),
            (self.presence_grpc(), "presence (gRPC)".to_owned()),
            (self.presence_admin(), "presence (admin)".to_owned()),
        ];
        for replica in 0..shape.gateways {
            needs.push((
                self.gateway_http(replica),
                format!("gateway-{replica} (HTTP)"),
            ));
            needs.push((
                self.gateway_grpc(replica),
                format!("gateway-{replica} (gRPC)"),
            ));
            needs.push((
                self.gateway_admin(replica),
                format!("gateway-{replica} (admin)"),
            ));
        }
        for replica in 0..shape.message_stores {
            let name = format!("message-store-{replica}");
            needs.push((self.message_store_grpc(replica), format!("{name} (gRPC)")));
            needs.push((self.message_store_admin(replica), format!("{name} (admin)")));
        }
        needs
    }
}

/// Fails with one sentence if somebody else listens where we have to.
pub fn check_free(needs: &[Need]) -> Result<()> {
    for (port, who) in needs {
        if let Err(reason) = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)) {
            bail!(
                "port {port} cannot be used ({reason}), and {who} needs it; stop what listens \
                 there, or choose other ports with --port-base"
            );
        }
    }
    Ok(())
}

/// A port nobody listens on now. Another process may take it before we do, hence only for tests.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}
