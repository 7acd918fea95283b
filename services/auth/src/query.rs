//! Whom a search looks for: the beginning of a username, and how many.

use crate::username;

/// How many are found unless asked otherwise: a screenful.
const LIMIT_DEFAULT: i32 = 20;
/// How many are found at most.
const LIMIT_MAX: i32 = 50;

/// A search for people.
#[derive(Debug, PartialEq, Eq)]
pub struct Query {
    /// The beginning of a folded username.
    pub prefix: String,
    pub limit: i64,
}

/// A search cannot be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a query is 1 to 32 characters, its limit 1 to 50")]
pub struct QueryInvalid;

impl Query {
    /// Reads a query; limit 0 stands for the default.
    pub fn read(text: &str, limit: i32) -> Result<Self, QueryInvalid> {
        let limit = if limit == 0 { LIMIT_DEFAULT } else { limit };
        // A username's characters are of one byte each, so its bound holds for characters, too.
        let chars = text.chars().take(username::MAX + 1).count();
        if (1..=username::MAX).contains(&chars) && (1..=LIMIT_MAX).contains(&limit) {
            Ok(Self {
                prefix: username::fold(text),
                limit: i64::from(limit),
            })
        } else {
            Err(QueryInvalid)
        }
    }
}

#[cfg(test)]
mod tests;
