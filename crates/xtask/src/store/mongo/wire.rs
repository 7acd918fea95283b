//! Just enough of MongoDB's wire protocol to say `hello` and to make one node a replica set, so
//! that neither a driver is compiled nor `mongosh` needed.

#[cfg(test)]
mod tests;

use crate::ready::connect;
use anyhow::{Result, bail, ensure};
use std::io::{Read, Write};

const OP_MSG: u32 = 2013;
const LARGEST_ANSWER: usize = 1 << 20;

/// A BSON value, of the few kinds these commands need.
pub enum Value {
    Integer(i32),
    Text(String),
    True,
    Document(Vec<(&'static str, Value)>),
    /// An array of one.
    Only(Box<Value>),
}

/// The answer's raw bytes: enough to look for a field.
pub struct Answer(Vec<u8>);

impl Answer {
    pub fn is_true(&self, name: &str) -> bool {
        self.holds(0x08, name, &[1])
    }

    pub fn ok(&self) -> bool {
        self.holds(0x01, "ok", &1f64.to_le_bytes()) || self.holds(0x10, "ok", &1i32.to_le_bytes())
    }

    pub fn has_code(&self, code: i32) -> bool {
        self.holds(0x10, "code", &code.to_le_bytes())
    }

    fn holds(&self, kind: u8, name: &str, value: &[u8]) -> bool {
        let element = [&[kind], name.as_bytes(), &[0], value].concat();
        self.0
            .windows(element.len())
            .any(|window| window == element)
    }
}

/// Sends one command to the `admin` database.
pub fn ask(port: u16, mut command: Vec<(&'static str, Value)>) -> Result<Answer> {
    command.push(("$db", Value::Text("admin".to_owned())));
    let mut stream = connect(port)?;
    stream.write_all(&message(&command))?;
    let mut header = [0; 16];
    stream.read_exact(&mut header)?;
    let [a, b, c, d, ..] = header;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d]))?;
    ensure!(
        (16..LARGEST_ANSWER).contains(&length),
        "an answer of {length} bytes"
    );
    let mut body = vec![0; length - 16];
    stream.read_exact(&mut body)?;
    if body.len() < 5 {
        bail!("an answer without a document");
    }
    Ok(Answer(body.split_off(5)))
}

/// Header, no flags, one section of kind 0 with the command.
fn message(command: &[(&'static str, Value)]) -> Vec<u8> {
    let body = document(command.iter().map(|(name, value)| (*name, value)));
    let words = [size(16 + 4 + 1 + body.len()), 1, 0, OP_MSG, 0];
    let mut message: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    message.push(0);
    message.extend(body);
    message
}

fn document<'a>(fields: impl Iterator<Item = (&'a str, &'a Value)>) -> Vec<u8> {
    let mut elements = Vec::new();
    for (name, value) in fields {
        let (kind, bytes) = encode(value);
        elements.push(kind);
        elements.extend(name.as_bytes());
        elements.push(0);
        elements.extend(bytes);
    }
    elements.push(0);
    [&size(4 + elements.len()).to_le_bytes()[..], &elements].concat()
}

fn encode(value: &Value) -> (u8, Vec<u8>) {
    match value {
        Value::Integer(number) => (0x10, number.to_le_bytes().to_vec()),
        Value::Text(text) => (
            0x02,
            [
                &size(text.len() + 1).to_le_bytes()[..],
                text.as_bytes(),
                &[0],
            ]
            .concat(),
        ),
        Value::True => (0x08, vec![1]),
        Value::Document(fields) => (
            0x03,
            document(fields.iter().map(|(name, value)| (*name, value))),
        ),
        Value::Only(value) => (0x04, document(std::iter::once(("0", &**value)))),
    }
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("our commands are a few hundred bytes")
}
