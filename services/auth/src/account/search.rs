//! Finding people by the beginning of their username or their display name.

use super::Account;
use crate::auth::Auth;
use crate::error::Error;
use crate::query::{Query, QueryInvalid};
use crate::store::users::search::{Names, places};

/// One page: those found by username first, in its order, then those found by display name alone, in its
/// order. Answers whether there are more.
pub async fn search(auth: &Auth, query: &Query) -> Result<(Vec<Account>, bool), Error> {
    let users = auth.store.users();
    let (after_username, after_display) = match query.after {
        None => (Some(String::new()), String::new()),
        Some(user) => {
            let last = users.find(&[user]).await?.pop().ok_or(QueryInvalid)?;
            let (username, display) = places(&last);
            if username.starts_with(&query.username) {
                (Some(username), String::new())
            } else {
                (None, display)
            }
        }
    };
    // One more than a page, to know whether there are more.
    let wanted = query.limit + 1;
    let mut found = match &after_username {
        None => Vec::new(),
        Some(after) => {
            let names = Names {
                prefix: &query.username,
                after,
                limit: wanted,
            };
            users.by_username(names).await?
        }
    };
    if found.len() < wanted {
        let names = Names {
            prefix: &query.display_name,
            after: &after_display,
            limit: wanted - found.len(),
        };
        found.extend(users.by_display_name(names, &query.username).await?);
    }
    let has_more = found.len() > query.limit;
    found.truncate(query.limit);
    Ok((found, has_more))
}
