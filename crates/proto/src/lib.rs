//! The protobuf contracts between services (`proto/` at the top of the repository), compiled.
//!
//! The code in `gen/` is committed, so that building needs no generator; `cargo xtask gen` writes it
//! anew and a test compares. The comments in the `.proto` files are the reference.

/// Everything under `confab.*`, nested as the packages are.
#[allow(clippy::all, clippy::pedantic, missing_docs)]
pub mod confab {
    /// Accounts, sessions and signing keys.
    pub mod auth {
        /// Version 1.
        pub mod v1 {
            include!("gen/confab.auth.v1.rs");
        }
    }
    /// Domain events between gateways.
    pub mod event {
        /// Version 1.
        pub mod v1 {
            include!("gen/confab.event.v1.rs");
        }
    }
    /// What an operator may ask a gateway.
    pub mod gateway {
        /// Version 1.
        pub mod v1 {
            include!("gen/confab.gateway.v1.rs");
        }
    }
    /// Rooms, members and messages.
    pub mod message {
        /// Version 1.
        pub mod v1 {
            include!("gen/confab.message.v1.rs");
        }
    }
    /// Who is online.
    pub mod presence {
        /// Version 1.
        pub mod v1 {
            include!("gen/confab.presence.v1.rs");
        }
    }
}

pub use confab::auth::v1 as auth;
pub use confab::event::v1 as event;
pub use confab::gateway::v1 as gateway;
pub use confab::message::v1 as message;
pub use confab::presence::v1 as presence;

/// All contracts as an encoded `FileDescriptorSet`, for gRPC server reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!("gen/descriptors.bin");
