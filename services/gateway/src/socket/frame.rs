//! One event as it came from the client, not yet understood.

use std::convert::Infallible;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use socketioxide::adapter::Adapter;
use socketioxide::handler::{FromMessageParts, Value};
use socketioxide::socket::Socket;

use crate::contract::object::Object;
use crate::error::Error;

/// An event with its payload, and whether the client wants an answer.
pub struct Frame {
    text: Option<String>,
    /// Whether the client asked for an acknowledgement.
    pub wants_ack: bool,
}

impl<A: Adapter> FromMessageParts<A> for Frame {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket<A>>,
        value: &mut Value,
        ack: &Option<i64>,
    ) -> Result<Self, Infallible> {
        let text = match value {
            Value::Str(text, None) => Some(text.to_string()),
            // No event of ours has binary parts.
            Value::Str(_, Some(_)) | Value::Bytes(_) => None,
        };
        Ok(Self {
            text,
            wants_ack: ack.is_some(),
        })
    }
}

impl Frame {
    /// How large it is.
    pub fn bytes(&self) -> usize {
        self.text.as_ref().map_or(0, String::len)
    }

    /// The event's name and its first argument.
    pub fn read(&self) -> Result<(String, Option<&RawValue>), Error> {
        let unreadable = |why: &str| Error::PayloadUnreadable(why.to_owned());
        let text = self
            .text
            .as_deref()
            .ok_or_else(|| unreadable("binary payloads are not used"))?;
        let parts: Vec<&RawValue> = serde_json::from_str(text)
            .map_err(|error| Error::PayloadUnreadable(error.to_string()))?;
        let name = parts
            .first()
            .ok_or_else(|| unreadable("there is no event name"))?;
        let name = serde_json::from_str(name.get())
            .map_err(|_| unreadable("the event name is not a text"))?;
        Ok((name, parts.get(1).copied()))
    }
}

/// Reads an event's payload.
pub fn payload<T: DeserializeOwned>(payload: Option<&RawValue>) -> Result<T, Error> {
    let text = payload.map_or("null", RawValue::get);
    serde_json::from_str(text)
        .map(|Object(payload)| payload)
        .map_err(|error| Error::PayloadUnreadable(error.to_string()))
}
