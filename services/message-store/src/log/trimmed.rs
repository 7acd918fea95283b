//! Where a room's log begins, when its retention has taken what was before.

/// The last revision and the last number that are kept no longer; 0 while all is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    pub rev: i64,
    pub seq: i64,
    /// Up to which revision nothing is left; below `rev` while it is being taken away.
    pub gone_rev: i64,
}
