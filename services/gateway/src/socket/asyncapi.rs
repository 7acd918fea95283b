//! The AsyncAPI document: the tables of what a client may say and may hear, with the schemas that REST
//! has too.

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::ack::Failure;
use super::handshake::Handshake;
use super::{event, told};

const ABOUT: &str = "What is said over Socket.IO (protocol 5, at `/socket.io/`, namespace `/`). \
    An event has one argument, `payload`; each event of a client may ask for an acknowledgement, \
    which is `reply`. The schemas are those of `/openapi.json`.";

/// What a client may say.
pub struct ClientEvent {
    pub name: &'static str,
    pub about: &'static str,
    pub payload: Described,
    /// What its acknowledgement has besides `ok`.
    pub answer: Described,
}

/// What a client may hear.
pub struct ServerEvent {
    pub name: &'static str,
    pub about: &'static str,
    pub payload: Described,
}

/// The schema of a type, with those that it refers to.
pub struct Described {
    name: String,
    schema: Value,
    others: Vec<(String, RefOr<Schema>)>,
}

impl Described {
    /// What a type says of itself.
    pub fn of<T: ToSchema>() -> Self {
        let mut others = Vec::new();
        T::schemas(&mut others);
        Self {
            name: T::name().into_owned(),
            schema: written(&T::schema()),
            others,
        }
    }
}

fn written(schema: &impl Serialize) -> Value {
    serde_json::to_value(schema).expect("what was derived can be written")
}

/// The document under construction.
struct Document {
    messages: Map<String, Value>,
    operations: Map<String, Value>,
    schemas: Map<String, Value>,
}

/// The document of the native namespace.
pub fn document() -> Value {
    let mut document = Document {
        messages: Map::new(),
        operations: Map::new(),
        schemas: Map::new(),
    };
    document.connect();
    for event in event::contract() {
        document.say(event);
    }
    for ServerEvent {
        name,
        about,
        payload,
    } in told::contract()
    {
        let payload = document.shared(payload);
        let key = key("hear", name);
        document.message(&key, name, about, payload);
        document.operation(key, "send", about);
    }
    document.finish()
}

impl Document {
    fn connect(&mut self) {
        let about = "The `auth` of the client's options, sent as it connects. Who is not admitted gets \
                     a `connect_error` with the message `Authentication error`.";
        let payload = self.shared(Described::of::<Handshake>());
        self.message("connect", "connect", about, payload);
        self.operation("connect".to_owned(), "receive", about);
        let failure = self.shared(Described::of::<Failure<'_>>());
        let refused = json!({
            "type": "object",
            "description": "It was not done.",
            "required": ["ok", "error"],
            "properties": { "ok": { "type": "boolean", "enum": [false] }, "error": failure },
        });
        self.schemas.insert("Refused".to_owned(), refused);
    }

    fn say(&mut self, event: ClientEvent) {
        let ClientEvent {
            name,
            about,
            payload,
            answer,
        } = event;
        let (payload, done) = (self.shared(payload), self.done(answer));
        let answers = json!({ "oneOf": [done, { "$ref": "#/components/schemas/Refused" }] });
        let (said, ack) = (key("say", name), key("ack", name));
        self.message(&said, name, about, payload);
        self.message(&ack, name, "The acknowledgement.", answers);
        let operation = self.operation(said, "receive", about);
        operation["reply"] = json!({
            "channel": { "$ref": "#/channels/native" },
            "messages": [{ "$ref": format!("#/channels/native/messages/{ack}") }],
        });
    }

    /// An answer with `ok: true` beside what it has.
    fn done(&mut self, answer: Described) -> Value {
        let Described {
            mut schema, others, ..
        } = answer;
        self.add(others);
        let mut required = vec![json!("ok")];
        required.extend(schema["required"].as_array().into_iter().flatten().cloned());
        schema["required"] = required.into();
        schema["properties"]["ok"] = json!({ "type": "boolean", "enum": [true] });
        schema["description"] = json!("It was done.");
        schema
    }

    /// A reference to a schema that is in the document from now on.
    fn shared(&mut self, described: Described) -> Value {
        let Described {
            name,
            schema,
            others,
        } = described;
        self.add(others);
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        self.schemas.insert(name, schema);
        reference
    }

    fn add(&mut self, others: Vec<(String, RefOr<Schema>)>) {
        let others = others
            .iter()
            .map(|(name, schema)| (name.clone(), written(schema)));
        self.schemas.extend(others);
    }

    fn message(&mut self, key: &str, name: &str, about: &str, payload: Value) {
        let message = json!({ "name": name, "summary": about, "payload": payload });
        self.messages.insert(key.to_owned(), message);
    }

    /// What is done with a message, as the server sees it.
    fn operation(&mut self, key: String, action: &str, about: &str) -> &mut Value {
        let operation = json!({
            "action": action,
            "summary": about,
            "channel": { "$ref": "#/channels/native" },
            "messages": [{ "$ref": format!("#/channels/native/messages/{key}") }],
        });
        self.operations.entry(key).or_insert(operation)
    }

    fn finish(self) -> Value {
        let reference = |name: &String| {
            let message = json!({ "$ref": format!("#/components/messages/{name}") });
            (name.clone(), message)
        };
        let carried: Map<_, _> = self.messages.keys().map(reference).collect();
        json!({
            "asyncapi": "3.0.0",
            "info": {
                "title": "Confab",
                "version": env!("CARGO_PKG_VERSION"),
                "description": ABOUT,
                "license": { "name": env!("CARGO_PKG_LICENSE") },
            },
            "defaultContentType": "application/json",
            "channels": { "native": { "address": "/", "messages": carried } },
            "operations": self.operations,
            "components": { "messages": self.messages, "schemas": self.schemas },
        })
    }
}

/// Where a message is in the document: some events are both said and heard, and a colon may not be in
/// a key.
fn key(direction: &str, name: &str) -> String {
    format!("{direction}.{}", name.replace(':', "."))
}
