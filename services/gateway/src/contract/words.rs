//! The schemas of words: texts that are more than texts, and have no type of their own in the code.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// An id.
pub enum AnyId {}

impl PartialSchema for AnyId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("24 hex digits."))
            .pattern(Some("^[0-9a-fA-F]{24}$"))
            .examples(["65f0c0ffee65f0c0ffee65f0"])
            .into()
    }
}

impl ToSchema for AnyId {
    fn name() -> Cow<'static, str> {
        "Id".into()
    }
}

/// An id, or none.
pub enum IdOrEmpty {}

impl PartialSchema for IdOrEmpty {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("24 hex digits; an empty text is as good as nothing."))
            .pattern(Some("^([0-9a-fA-F]{24})?$"))
            .into()
    }
}

impl ToSchema for IdOrEmpty {}

/// A moment.
pub enum Time {}

impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("RFC 3339, in UTC, since 1970."))
            .pattern(Some(
                r"^(19[7-9]\d|[2-9]\d{3})-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$",
            ))
            .examples(["2025-10-29T10:00:00.000Z"])
            .into()
    }
}

impl ToSchema for Time {}

macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident: $($word:literal)|+;)+) => {$(
        $(#[doc = $doc])+
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(concat!($($doc),+).trim()))
                    .enum_values(Some([$($word),+]))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    /// What a message is.
    MessageType: "text" | "image" | "video" | "audio" | "file" | "system";
    /// What a message may be sent as; an empty text is as good as nothing.
    SentType: "" | "text" | "image" | "video" | "audio" | "file";
    /// What a member may do in a room.
    MemberRole: "owner" | "admin" | "member";
    /// What became of members.
    Membership: "added" | "removed" | "left" | "role";
    /// What happened to a room.
    NoteKind: "created" | "renamed" | "image_changed" | "members_added" | "member_removed"
        | "member_left" | "role_changed" | "owner_changed" | "retention_changed";
    /// Who may see when a user was last seen.
    Audience: "everyone" | "contacts" | "nobody";
}
