//! Words as they are compared: without case, accents and punctuation.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::invalid::Invalid;

/// Words of a message beyond these are not found. A message of the greatest length has more only if it
/// is a list or made to cost.
const MOST_WORDS: usize = 500;
/// Longer words are cut: whoever types so much of one means it.
const LONGEST_BYTES: usize = 64;
/// How many words one query may have.
const MOST_TERMS: usize = 10;
/// How long a query may be.
const LONGEST_QUERY: usize = 256;

/// The different words of a text.
pub fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for word in text.unicode_words() {
        if words.len() == MOST_WORDS {
            break;
        }
        words.insert(fold(word));
    }
    words.remove("");
    words
}

/// What a message must have to be found: each of the words, and for each prefix a word that begins so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub words: BTreeSet<String>,
    pub prefixes: BTreeSet<String>,
}

impl Terms {
    /// Reads a query: words, of which those followed by `*` are prefixes, and so is the last one if it
    /// ends the query, for it may not be typed to its end.
    ///
    /// # Errors
    /// If the query is too long, or has no words or too many.
    pub fn parse(query: &str) -> Result<Self, Invalid> {
        if query.len() > LONGEST_QUERY {
            return Err(Invalid::Query("the query is longer than 256 bytes"));
        }
        let (mut words, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
        for (start, word) in query.unicode_word_indices() {
            let rest = &query[start + word.len()..];
            let folded = fold(word);
            if folded.is_empty() {
                continue;
            }
            if rest.is_empty() || rest.starts_with('*') {
                prefixes.insert(folded);
            } else {
                words.insert(folded);
            }
        }
        match words.len() + prefixes.len() {
            0 => Err(Invalid::Query("the query has no words")),
            1..=MOST_TERMS => Ok(Self { words, prefixes }),
            _ => Err(Invalid::Query("the query has more than 10 words")),
        }
    }

    /// Whether a text has all that is asked for.
    #[must_use]
    pub fn match_text(&self, text: &str) -> bool {
        let has = words(text);
        let begins = |prefix: &String| {
            has.range::<String, _>(prefix..)
                .next()
                .is_some_and(|word| word.starts_with(prefix.as_str()))
        };
        self.words.is_subset(&has) && self.prefixes.iter().all(begins)
    }
}

/// One word without case and accents: decomposed for compatibility, and what only marks a letter left
/// out.
fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    let letters = word.nfkd().filter(|letter| !is_combining_mark(*letter));
    for letter in letters.flat_map(char::to_lowercase) {
        if folded.len() + letter.len_utf8() > LONGEST_BYTES {
            break;
        }
        folded.push(letter);
    }
    folded
}

#[cfg(test)]
mod tests;
