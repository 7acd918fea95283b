//! Whom a search looks for: the beginning of a name, how many, and behind whom.

use confab_ids::UserId;

use crate::{profile, username};

/// How many are found unless asked otherwise: a screenful.
const LIMIT_DEFAULT: i32 = 20;
/// How many are found at most.
const LIMIT_MAX: i32 = 50;
/// How many characters the longest display name has.
const CHARS_MAX: usize = 64;

/// A search for people.
#[derive(Debug, PartialEq, Eq)]
pub struct Query {
    /// The beginning of a folded username.
    pub username: String,
    /// The beginning of a folded display name.
    pub display_name: String,
    pub limit: usize,
    /// The last one of the page before.
    pub after: Option<UserId>,
}

/// A search cannot be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a query is 1 to 64 characters, its limit 1 to 50, and after is the id of a user that was found"
)]
pub struct QueryInvalid;

impl Query {
    /// Reads a query; limit 0 stands for the default, an empty `after` for the first page.
    pub fn read(text: &str, limit: i32, after: &str) -> Result<Self, QueryInvalid> {
        let limit = if limit == 0 { LIMIT_DEFAULT } else { limit };
        let after = match after {
            "" => None,
            id => Some(id.parse().map_err(|_| QueryInvalid)?),
        };
        let chars = text.chars().take(CHARS_MAX + 1).count();
        if (1..=CHARS_MAX).contains(&chars) && (1..=LIMIT_MAX).contains(&limit) {
            Ok(Self {
                username: username::fold(text),
                display_name: profile::fold(text),
                limit: usize::try_from(limit).expect("a limit is a small number"),
                after,
            })
        } else {
            Err(QueryInvalid)
        }
    }
}

#[cfg(test)]
mod tests;
