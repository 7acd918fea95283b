//! The vocabularies that clients speak: translation only, one folder each.

pub mod native;
