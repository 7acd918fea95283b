//! What a channel carries: who said it, then the event. One protobuf message all the same.

use bytes::Bytes;
use confab_proto::event::Event;
use prost::Message as _;

/// The tag of `Event.origin`: field 15, eight bytes.
const ORIGIN_TAG: u8 = 15 << 3 | 1;

/// Encodes an event with its origin in front, where it can be read without decoding the rest.
pub fn encode(origin: u64, event: &Event) -> Bytes {
    let mut payload = Vec::with_capacity(9 + event.encoded_len());
    payload.push(ORIGIN_TAG);
    payload.extend_from_slice(&origin.to_le_bytes());
    event.encode(&mut payload).expect("a Vec grows");
    payload.into()
}

/// Who said it, if that stands in front.
pub fn origin(payload: &[u8]) -> Option<u64> {
    let (tag, rest) = payload.split_first()?;
    let origin = rest.first_chunk()?;
    (*tag == ORIGIN_TAG).then(|| u64::from_le_bytes(*origin))
}

#[cfg(test)]
mod tests;
