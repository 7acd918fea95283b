//! Engine.IO and Socket.IO packets as texts, read by looking for the few fields that are needed.
//!
//! The generator shares its cores with the cluster, so it does not parse what it does not use. That is
//! safe: within a JSON string a quote is always written `\"`, so `"seq":` cannot be part of a content.

#[cfg(test)]
mod tests;

/// What the server said.
#[derive(Debug, PartialEq, Eq)]
pub enum Packet<'a> {
    /// The transport is open.
    Open,
    /// To be answered with [`PONG`].
    Ping,
    /// Socket.IO has connected the namespace; the application has yet to say that it is ready.
    Connected,
    /// The handshake was refused.
    Refused(&'a str),
    /// The application has made the socket ready.
    Ready,
    /// `message:receive`.
    Message(Delivery<'a>),
    /// The answer to the event of this number.
    Ack(u64, Answer<'a>),
    /// The event `error` or `error:...`.
    Error(&'a str),
    /// The server ends the connection.
    Closing(&'a str),
    /// An event that this generator has no use for.
    Other,
    /// Not what the contract promises.
    Strange(&'a str),
}

/// The fields of a message that count here.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivery<'a> {
    pub room: &'a str,
    pub from: &'a str,
    /// Its place in the room.
    pub seq: u64,
    /// The room's revision with it, which a cursor names.
    pub rev: u64,
    /// The sender's own name for it; empty if it has none.
    pub id: &'a str,
    /// When it was due, in nanoseconds of the generator's clock; none if it is not one of ours.
    pub due: Option<u64>,
}

/// What became of an event.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Done; a sent message has this number in its room.
    Sent(u64),
    /// Not done.
    Refused(Refusal<'a>),
}

/// Why an event was not done.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal<'a> {
    pub code: &'a str,
    /// When to try again; none if that would not help.
    pub retry_after_ms: Option<u64>,
}

pub const PONG: &str = "3";

/// What each content begins with; the due time follows.
const DUE: &str = "due=";

/// The handshake; `cursors` is an object of the last revision that came of each room.
pub fn connect(token: &str, cursors: &str) -> String {
    // A token is base64url and dots: nothing to escape.
    format!("40{{\"token\":\"{token}\",\"cursors\":{cursors}}}")
}

/// A `message:send` whose content says when it was due, filled up to `bytes`.
pub fn send(number: u64, room: &str, id: &str, due: u64, bytes: usize) -> String {
    let mark = format!("{DUE}{due};");
    let filling = "x".repeat(bytes.saturating_sub(mark.len()));
    format!(
        "42{number}[\"message:send\",{{\"roomId\":\"{room}\",\"content\":\"{mark}{filling}\",\"clientMessageId\":\"{id}\"}}]"
    )
}

pub fn read(text: &str) -> Packet<'_> {
    if let Some(event) = text.strip_prefix("42[\"") {
        return self::event(text, event);
    }
    if let Some(ack) = text.strip_prefix("43") {
        return self::ack(ack).unwrap_or(Packet::Strange(text));
    }
    match text.as_bytes() {
        [b'2', ..] => Packet::Ping,
        [b'0', ..] => Packet::Open,
        [b'4', b'0', ..] => Packet::Connected,
        [b'4', b'4', ..] => Packet::Refused(&text[2..]),
        [b'1', ..] | [b'4', b'1', ..] => Packet::Closing(text),
        _ => Packet::Strange(text),
    }
}

fn event<'a>(text: &'a str, event: &'a str) -> Packet<'a> {
    let Some((name, payload)) = event.split_once('"') else {
        return Packet::Strange(text);
    };
    match name {
        "message:receive" => delivery(payload).map_or(Packet::Strange(text), Packet::Message),
        "ready" => Packet::Ready,
        "server:draining" => Packet::Closing(text),
        "error" | "error:rate_limited" => Packet::Error(payload),
        _ => Packet::Other,
    }
}

fn delivery(payload: &str) -> Option<Delivery<'_>> {
    let content = quoted(payload, "\"content\":\"")?;
    let due = content
        .strip_prefix(DUE)
        .and_then(|rest| rest.split_once(';'));
    Some(Delivery {
        room: quoted(payload, "\"roomId\":\"")?,
        from: quoted(payload, "\"from\":\"")?,
        seq: number(payload, "\"seq\":")?,
        rev: number(payload, "\"rev\":")?,
        id: quoted(payload, "\"clientMessageId\":\"").unwrap_or_default(),
        due: due.and_then(|(due, _)| due.parse().ok()),
    })
}

fn ack(ack: &str) -> Option<Packet<'_>> {
    let (id, answer) = ack.split_once('[')?;
    let answer = if answer.contains("\"ok\":true") {
        Answer::Sent(number(answer, "\"seq\":")?)
    } else {
        Answer::Refused(Refusal {
            code: quoted(answer, "\"code\":\"")?,
            retry_after_ms: number(answer, "\"retryAfterMs\":"),
        })
    };
    Some(Packet::Ack(id.parse().ok()?, answer))
}

/// The text after a field's name, up to the next quote: enough for ids, codes and our own contents.
fn quoted<'a>(payload: &'a str, field: &str) -> Option<&'a str> {
    let value = &payload[payload.find(field)? + field.len()..];
    Some(&value[..value.find('"')?])
}

fn number(payload: &str, field: &str) -> Option<u64> {
    let value = &payload[payload.find(field)? + field.len()..];
    let end = value.find(|c: char| !c.is_ascii_digit())?;
    value[..end].parse().ok()
}
