//! The OpenAPI document: what the routes say of themselves, and what follows from what they take.

use serde_json::{Map, Value, json};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};

use super::problem::Document;

/// What each route may answer, whatever it takes.
const ALWAYS: [(&str, &str); 4] = [
    (
        "429",
        "too much, too fast; `retryAfterMs` says when to come back",
    ),
    ("500", "`INTERNAL`: a defect of ours"),
    ("503", "not done, and may be if repeated with backoff"),
    (
        "504",
        "`DEADLINE_EXCEEDED`: nobody knows whether it was done; `retryAfterMs` says that it may be repeated all the same",
    ),
];
const UNREADABLE: (&str, &str) = (
    "400",
    "`PAYLOAD_UNREADABLE`, `FIELD_INVALID`, or which part is wrong",
);
const TOO_LARGE: (&str, &str) = ("413", "`PAYLOAD_TOO_LARGE`");
const NO_JSON: (&str, &str) = ("415", "`MEDIA_TYPE_UNSUPPORTED`");
const NO_TOKEN: (&str, &str) = ("401", "`TOKEN_MISSING`, `TOKEN_INVALID`");

/// A document that has no routes yet. Each dialect has one of its own.
pub fn empty(title: &str, description: &str) -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("the `accessToken` of a login"))
        .build();
    let cookie = ApiKeyValue::with_description(
        "confab_refresh",
        "set by a login, for `/api/auth` alone; the body's `refreshToken` goes before it",
    );
    let components = ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .security_scheme(
            "refreshCookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(cookie)),
        )
        .schema_from::<Document>()
        .build();
    let license = LicenseBuilder::new()
        .name(env!("CARGO_PKG_LICENSE"))
        .identifier(Some(env!("CARGO_PKG_LICENSE")))
        .build();
    let info = InfoBuilder::new()
        .title(title)
        .description(Some(description))
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(license))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .build()
}

/// The document with what no route needs to say for itself.
pub fn complete(document: OpenApi) -> Value {
    let mut document = serde_json::to_value(document).expect("what was derived can be written");
    document["security"] = json!([{ "bearer": [] }]);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        let operations = item.as_object_mut().into_iter().flatten();
        for operation in operations.filter_map(|(_, operation)| operation.as_object_mut()) {
            complete_operation(path, operation);
        }
    }
    document
}

fn complete_operation(path: &str, operation: &mut Map<String, Value>) {
    operation.insert("tags".to_owned(), json!([tag(path)]));
    let has = |part: &str| operation.contains_key(part);
    let mut refusals = ALWAYS.to_vec();
    if !has("security") {
        refusals.push(NO_TOKEN);
    }
    if has("parameters") {
        refusals.push(UNREADABLE);
    }
    if has("requestBody") {
        refusals.extend([UNREADABLE, TOO_LARGE, NO_JSON]);
    }
    never_null(operation);
    let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for (status, description) in refusals {
        responses
            .entry(status)
            .or_insert_with(|| json!({ "description": description }));
    }
    for (status, response) in responses {
        if status.starts_with(['4', '5']) {
            response["content"] = json!({
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
            });
        }
        if let Some(headers) = headers(status) {
            response["headers"] = headers;
        }
    }
}

/// What such an answer says in its head.
fn headers(status: &str) -> Option<Value> {
    match status {
        "401" => Some(json!({
            "WWW-Authenticate": { "required": true, "schema": { "type": "string", "enum": ["Bearer"] } }
        })),
        "429" | "503" => Some(json!({
            "Retry-After": {
                "description": "in how many seconds it is worth coming back",
                "schema": { "type": "integer", "minimum": 0 },
            }
        })),
        _ => None,
    }
}

/// A body that may be missing may not be `null` for that.
fn never_null(operation: &mut Map<String, Value>) {
    let Some(body) = operation.get_mut("requestBody") else {
        return;
    };
    let schema = &mut body["content"]["application/json"]["schema"];
    let either = schema["oneOf"].as_array();
    if let Some(one) = either.and_then(|either| either.iter().find(|one| one["$ref"].is_string())) {
        *schema = one.clone();
    }
}

/// What it is about: `/api/rooms/{id}/pins` is about rooms.
fn tag(path: &str) -> &str {
    path.strip_prefix("/api/")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or("keys")
}
