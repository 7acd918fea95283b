//! Identifiers as types: a [`RoomId`] cannot be passed where a [`UserId`] is meant.
//!
//! Every id is a MongoDB `ObjectId`, written as 24 lower-case hex digits. This crate knows nothing of
//! what the ids name, nor of any store.
#![warn(missing_docs)]

use std::fmt;
use std::str::FromStr;

use bson::oid::ObjectId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text is not an id: an id is 24 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 24 hex digits")]
pub struct IdInvalid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(ObjectId);

        impl $name {
            /// A new id, unique across processes; ids made later on one machine sort higher.
            #[must_use]
            pub fn generate() -> Self {
                Self(ObjectId::new())
            }

            /// The lowest id that can be made in a second, which is counted from the Unix epoch.
            #[must_use]
            pub fn first_of(seconds: u32) -> Self {
                Self(ObjectId::from_parts(seconds, [0; 5], [0; 3]))
            }

            /// The second in which it was made, counted from the Unix epoch.
            #[must_use]
            pub fn seconds(self) -> u32 {
                let [a, b, c, d, ..] = self.0.bytes();
                u32::from_be_bytes([a, b, c, d])
            }

            /// The id as MongoDB stores it.
            #[must_use]
            pub const fn object_id(self) -> ObjectId {
                self.0
            }
        }

        impl From<ObjectId> for $name {
            fn from(id: ObjectId) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = IdInvalid;

            fn from_str(text: &str) -> Result<Self, IdInvalid> {
                ObjectId::parse_str(text).map(Self).map_err(|_| IdInvalid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.to_hex())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// A person with an account.
    UserId
);
id!(
    /// Something uploaded.
    MediaId
);
id!(
    /// One login of a user, on one device.
    SessionId
);
id!(
    /// A conversation of two or more people.
    RoomId
);
id!(
    /// One message in a room.
    MessageId
);

impl MediaId {
    const PATH: &str = "/api/media/";

    /// The path under which gateways serve it, by which profiles and rooms refer to it.
    #[must_use]
    pub fn path(self) -> String {
        format!("{}{self}", Self::PATH)
    }

    /// The upload that such a path refers to.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        path.strip_prefix(Self::PATH)?.parse().ok()
    }
}

impl RoomId {
    /// The id of the one room of two people, in either order. It follows from who they are: so two who
    /// open it at the same moment, on different replicas, mean the same room without asking anybody.
    #[must_use]
    pub fn of_two(one: UserId, other: UserId) -> Self {
        use sha2::{Digest as _, Sha256};
        let mut hash = Sha256::new_with_prefix(b"confab room of two");
        hash.update(one.min(other).object_id().bytes());
        hash.update(one.max(other).object_id().bytes());
        let digest = hash.finalize();
        // 96 bits: among a billion such rooms, two share an id with a chance of 1 in 10^11.
        let bytes: [u8; 12] = std::array::from_fn(|at| digest[at]);
        Self(ObjectId::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests;
