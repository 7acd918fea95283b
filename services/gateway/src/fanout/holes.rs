//! What becomes of holes.

use clap::ValueEnum;

/// What becomes of holes in the streams of rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Holes {
    /// They are filled from the store.
    Filled,
    /// They are left, which loses messages: to prove that the chaos suite notices. Debug builds alone take it.
    Left,
}
