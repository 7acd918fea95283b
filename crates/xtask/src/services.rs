//! The services of a local cluster and the environment each is given.

#[cfg(test)]
mod tests;

use crate::ports::{Ports, Shape};

/// One service process to be.
#[derive(Debug)]
pub struct Service {
    pub name: String,
    pub binary: &'static str,
    pub environment: Vec<(String, String)>,
    pub admin_port: u16,
}

/// The packages to build; each is also the name of its binary.
pub const PACKAGES: [&str; 4] = [
    "confab-auth",
    "confab-message-store",
    "confab-presence",
    "confab-gateway",
];

/// Where things are and what the person asked for.
pub struct Plan<'a> {
    pub ports: Ports,
    pub shape: Shape,
    pub mongo: &'a str,
    pub redis: &'a str,
    /// The folder of uploads, which all gateways share.
    pub media: &'a str,
    /// Given to every service, over our own choice.
    pub extra: &'a [(String, String)],
}

impl Plan<'_> {
    /// What the gateways call.
    pub fn backends(&self) -> Vec<Service> {
        let ports = self.ports;
        let mut services = vec![self.service(
            "auth".to_owned(),
            PACKAGES[0],
            (ports.auth_grpc(), ports.auth_admin()),
            // bcrypt's default cost of 12 makes trying things out slow; a stranger's database it is not.
            &[
                ("MONGODB_URI", self.mongo.to_owned()),
                ("BCRYPT_COST", "10".to_owned()),
            ],
        )];
        services.extend((0..self.shape.message_stores).map(|replica| {
            self.service(
                format!("message-store-{replica}"),
                PACKAGES[1],
                (
                    ports.message_store_grpc(replica),
                    ports.message_store_admin(replica),
                ),
                &[("MONGODB_URI", self.mongo.to_owned())],
            )
        }));
        services.push(self.service(
            "presence".to_owned(),
            PACKAGES[2],
            (ports.presence_grpc(), ports.presence_admin()),
            &[
                ("REDIS_URL", self.redis.to_owned()),
                ("AUTH_URL", url(ports.auth_grpc())),
            ],
        ));
        services
    }

    pub fn gateways(&self) -> Vec<Service> {
        (0..self.shape.gateways)
            .map(|replica| self.gateway(replica))
            .collect()
    }

    fn gateway(&self, replica: u16) -> Service {
        let ports = self.ports;
        let message_stores: Vec<String> = (0..self.shape.message_stores)
            .map(|replica| url(ports.message_store_grpc(replica)))
            .collect();
        self.service(
            format!("gateway-{replica}"),
            PACKAGES[3],
            (ports.gateway_grpc(replica), ports.gateway_admin(replica)),
            &[
                ("HTTP_ADDR", address(ports.gateway_http(replica))),
                ("RELAY_URL", url(ports.gateway_http(replica))),
                ("REDIS_URL", self.redis.to_owned()),
                ("AUTH_URL", url(ports.auth_grpc())),
                ("MESSAGE_STORE_URL", message_stores.join(",")),
                ("PRESENCE_URL", url(ports.presence_grpc())),
                ("MEDIA_STORE", self.media.to_owned()),
            ],
        )
    }

    fn service(
        &self,
        name: String,
        binary: &'static str,
        (grpc, admin): (u16, u16),
        own: &[(&str, String)],
    ) -> Service {
        let shared = [
            ("GRPC_ADDR", address(grpc)),
            ("ADMIN_ADDR", address(admin)),
            ("LOG_FORMAT", "json".to_owned()),
        ];
        let own = shared
            .iter()
            .chain(own)
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let environment = own.chain(self.extra.iter().cloned()).collect();
        Service {
            name,
            binary,
            environment,
            admin_port: admin,
        }
    }
}

pub fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}
