//! Whom a message names: `@username`.

use confab_fault::Kind;
use confab_proto::auth::GetUsersByUsernameRequest;

use crate::error::Error;
use crate::gateway::Gateway;

/// How many names are looked up; those beyond are text.
const MOST: usize = 50;
/// What a username has, as auth says.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=32;

/// The ids of the users whom a text names; most texts name nobody, and nothing is asked. Auth being away
/// must not hold a message up: it names nobody then.
pub async fn resolve(gateway: &Gateway, text: &str) -> Result<Vec<String>, Error> {
    let usernames = names(text);
    if usernames.is_empty() {
        return Ok(Vec::new());
    }
    let request = GetUsersByUsernameRequest { usernames };
    match gateway.clients.auth.get_users_by_username(request).await {
        Ok(answer) => Ok(answer.users.into_iter().map(|user| user.id).collect()),
        Err(fault) if matches!(fault.kind(), Kind::Unavailable | Kind::Timeout) => {
            tracing::warn!(%fault, "cannot look up whom a message names");
            Ok(Vec::new())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// What may be usernames in a text, each once. An address of mail names nobody.
fn names(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut before = None;
    for (at, letter) in text.char_indices() {
        let begins = letter == '@' && before.is_none_or(|before: char| !before.is_alphanumeric());
        before = Some(letter);
        if !begins || names.len() == MOST {
            continue;
        }
        let rest = &text[at + 1..];
        let end = rest
            .find(|letter: char| !is_of_name(letter))
            .unwrap_or(rest.len());
        // A full stop after a name ends the sentence.
        let name = rest[..end].trim_end_matches(['.', '-']);
        let known = names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if LENGTH.contains(&name.len()) && !known {
            names.push(name.to_owned());
        }
    }
    names
}

const fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-')
}

#[cfg(test)]
mod tests;
