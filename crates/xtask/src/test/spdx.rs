//! Whether a licence expression can be satisfied with an allowed set of licences.

#[cfg(test)]
mod tests;

use anyhow::{Result, bail};
use std::collections::VecDeque;

/// `OR` needs one side, `AND` both. `A WITH B` is one licence of that name, as in cargo-deny; the
/// slash is what old manifests write for `OR`.
pub fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words: VecDeque<&str> = spaced.split_whitespace().collect();
    let verdict = either(&mut words, allowed)?;
    match words.front() {
        None => Ok(verdict),
        Some(word) => bail!("unexpected {word:?}"),
    }
}

fn either(words: &mut VecDeque<&str>, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let mut verdict = both(words, allowed)?;
    while words.pop_front_if(|word| *word == "OR").is_some() {
        verdict |= both(words, allowed)?;
    }
    Ok(verdict)
}

fn both(words: &mut VecDeque<&str>, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    let mut verdict = one(words, allowed)?;
    while words.pop_front_if(|word| *word == "AND").is_some() {
        verdict &= one(words, allowed)?;
    }
    Ok(verdict)
}

fn one(words: &mut VecDeque<&str>, allowed: &dyn Fn(&str) -> bool) -> Result<bool> {
    match words.pop_front() {
        Some("(") => {
            let verdict = either(words, allowed)?;
            match words.pop_front() {
                Some(")") => Ok(verdict),
                _ => bail!("a parenthesis is not closed"),
            }
        }
        None | Some(")" | "OR" | "AND" | "WITH") => bail!("a licence is missing"),
        Some(licence) if words.pop_front_if(|word| *word == "WITH").is_some() => {
            let Some(exception) = words.pop_front() else {
                bail!("an exception is missing")
            };
            Ok(allowed(&format!("{licence} WITH {exception}")))
        }
        Some(licence) => Ok(allowed(licence)),
    }
}
