//! Which part of a file is asked for (RFC 9110, section 14). No I/O.

use std::ops::Range;

/// What to answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    Of(Range<u64>),
    /// There is no such part.
    None,
}

/// Reads a `Range` header. One that is not understood, or asks for several parts, is for the whole.
pub fn part(header: Option<&str>, size: u64) -> Part {
    let Some((first, last)) = header
        .and_then(|header| header.strip_prefix("bytes="))
        .and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.trim().is_empty() => first..size,
        (None, Some(count)) if first.trim().is_empty() => size.saturating_sub(count)..size,
        _ => return Part::Whole,
    };
    if range.start < range.end {
        Part::Of(range)
    } else {
        Part::None
    }
}

#[cfg(test)]
mod tests;
