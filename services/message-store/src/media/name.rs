//! The name of an uploaded file, fit to be shown and to be saved under.

/// As long as file systems take.
const LONGEST: usize = 255;

/// What a file is called: no folders, no control characters, at most 255 bytes; empty if nothing is left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// What is left of a name that a stranger gave: never an error, for a name is worth none.
    #[must_use]
    pub fn clean(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let shown: String = last.chars().filter(|c| !hides(*c)).collect();
        let name = shown.trim().trim_start_matches('.').trim_start();
        Self(shorten(name))
    }

    /// A name that was cleaned before.
    #[must_use]
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, and those that turn the direction of writing: with them `exe.gpj` reads as
/// something else.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The end of a name says what it is, so the middle goes.
fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let ending = match name.rfind('.') {
        Some(dot) if name.len() - dot <= 16 => &name[dot..],
        _ => "",
    };
    let mut end = LONGEST - ending.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", &name[..end])
}
