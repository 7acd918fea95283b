//! What clients may rely on: an OpenAPI document for REST, an AsyncAPI document for the events, and one
//! set of schemas for both. Schemas are derived where the types are that are read and written; here are
//! only those that have no type.

pub mod object;
pub mod words;
