//! A session as MongoDB keeps it.

use confab_ids::UserId;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, DateTime};
use serde::{Deserialize, Serialize};

use crate::refresh_token::Step;
use crate::session::{Device, Session, Spent};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionDocument {
    #[serde(rename = "_id")]
    pub id: ObjectId,
    user_id: ObjectId,
    family: Binary,
    refresh_hash: Binary,
    spent: Vec<SpentDocument>,
    created_at: DateTime,
    refreshed_at: DateTime,
    expires_at: DateTime,
    user_agent: String,
    address: String,
}

#[derive(Serialize, Deserialize)]
struct SpentDocument {
    hash: Binary,
    at: DateTime,
    step: Binary,
}

/// Bytes as the driver wants them.
pub fn binary(bytes: &[u8]) -> Binary {
    Binary {
        subtype: BinarySubtype::Generic,
        bytes: bytes.to_vec(),
    }
}

/// Bytes of another length are none of ours; nobody has a token that fits the zeros.
fn bytes(binary: Binary) -> [u8; 32] {
    binary.bytes.try_into().unwrap_or_default()
}

impl From<&Session> for SessionDocument {
    fn from(session: &Session) -> Self {
        let spent = session.spent.iter().map(|spent| SpentDocument {
            hash: binary(&spent.hash),
            at: DateTime::from_system_time(spent.at),
            step: binary(spent.step.bytes()),
        });
        Self {
            id: session.id.object_id(),
            user_id: session.user.object_id(),
            family: binary(session.family.bytes()),
            refresh_hash: binary(&session.refresh_hash),
            spent: spent.collect(),
            created_at: DateTime::from_system_time(session.created_at),
            refreshed_at: DateTime::from_system_time(session.used_at),
            expires_at: DateTime::from_system_time(session.expires_at),
            user_agent: session.device.user_agent.clone(),
            address: session.device.address.clone(),
        }
    }
}

impl From<SessionDocument> for Session {
    fn from(document: SessionDocument) -> Self {
        let spent = document.spent.into_iter().map(|spent| Spent {
            hash: bytes(spent.hash),
            at: spent.at.to_system_time(),
            step: Step::from(bytes(spent.step)),
        });
        Self {
            id: document.id.into(),
            user: UserId::from(document.user_id),
            family: bytes(document.family).into(),
            refresh_hash: bytes(document.refresh_hash),
            spent: spent.collect(),
            created_at: document.created_at.to_system_time(),
            used_at: document.refreshed_at.to_system_time(),
            expires_at: document.expires_at.to_system_time(),
            device: Device {
                user_agent: document.user_agent,
                address: document.address,
            },
        }
    }
}
