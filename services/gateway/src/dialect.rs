//! The vocabularies that clients speak: one folder each, and one line in the table below.
//!
//! A dialect translates and does nothing else: what a client says into commands, what happens into events,
//! errors into its own words. What it needs and the domain lacks belongs into the domain.

pub mod chatspace;
pub mod daylog;
pub mod heretics;
pub mod native;
pub mod social;

mod packet;
mod rest;
mod told;
mod vocabulary;

use std::fmt;

pub use packet::{Packet, Packets};
pub use rest::in_words;
pub use told::{Pair, Told, Welcome, pair_of};
pub use vocabulary::{A_DAY, Manner, Shows, TokenPlace, Vocabulary};

/// How many there are.
const COUNT: usize = ALL.len();

/// All of them; the first is Confab's own.
const ALL: &[&dyn Vocabulary] = &[
    &native::Native,
    &social::Social,
    &chatspace::Chatspace,
    &heretics::Heretics,
    &daylog::Daylog,
];

/// One of the vocabularies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Dialect(usize);

impl Dialect {
    /// All dialects.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..COUNT).map(Self)
    }

    /// The dialect of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|dialect| dialect.name() == name)
    }

    /// How it is called.
    pub fn name(self) -> &'static str {
        self.vocabulary().name()
    }

    /// Its words.
    pub fn vocabulary(self) -> &'static dyn Vocabulary {
        ALL[self.0]
    }
}

impl fmt::Debug for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests;
