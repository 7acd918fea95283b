//! As much of JSON Schema as the schemas use.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A type's schema with those that it refers to.
pub struct Described {
    schema: Value,
    others: HashMap<String, Value>,
}

impl Described {
    pub fn of<T: ToSchema>() -> Self {
        let mut others = Vec::new();
        T::schemas(&mut others);
        let value = |schema: &_| serde_json::to_value(schema).expect("a schema can be written");
        Self {
            schema: serde_json::to_value(T::schema()).expect("a schema can be written"),
            others: others
                .iter()
                .map(|(name, schema)| (name.clone(), value(schema)))
                .collect(),
        }
    }

    /// Each value fits, and together they have every property there is.
    pub fn holds<T: Serialize>(&self, values: &[&T]) {
        let mut written = BTreeSet::new();
        for value in values {
            let value = serde_json::to_value(value).expect("a view can be written");
            if let Err(why) = self.fits(&self.schema, &value) {
                panic!("{why} in {value}");
            }
            written.extend(
                value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(key, _)| key.clone()),
            );
        }
        let properties = self.schema["properties"].as_object().into_iter().flatten();
        for (name, _) in properties {
            assert!(written.contains(name), "nobody writes {name}");
        }
    }

    fn fits(&self, schema: &Value, value: &Value) -> Result<(), String> {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.trim_start_matches("#/components/schemas/");
            return self
                .fits(&self.others[name], value)
                .map_err(|why| format!("{name}: {why}"));
        }
        if let Some(either) = schema["oneOf"].as_array() {
            let fitting = either
                .iter()
                .filter(|one| self.fits(one, value).is_ok())
                .count();
            return (fitting == 1)
                .then_some(())
                .ok_or_else(|| format!("{fitting} of {schema} fit {value}"));
        }
        if schema["enum"]
            .as_array()
            .is_some_and(|words| !words.contains(value))
        {
            return Err(format!("{value} is not among {}", schema["enum"]));
        }
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let kinds = &schema["type"];
        if kinds != kind
            && !kinds
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|one| one == kind))
        {
            return Err(format!("{value} is not {kinds}"));
        }
        for item in value.as_array().into_iter().flatten() {
            self.fits(&schema["items"], item)?;
        }
        self.fields_fit(schema, value)
    }

    fn fields_fit(&self, schema: &Value, value: &Value) -> Result<(), String> {
        for (name, field) in value.as_object().into_iter().flatten() {
            let property = &schema["properties"][name];
            if property.is_null() {
                return Err(format!("{name} is not a property"));
            }
            self.fits(property, field)
                .map_err(|why| format!("{name}: {why}"))?;
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if value.is_object() && value.get(name).is_none() {
                return Err(format!("{name} is missing"));
            }
        }
        Ok(())
    }
}
