//! What bytes are, by their beginning; what anybody says of them is not trusted. No I/O.

use super::MediaError;

/// What is not anything that is known.
const UNKNOWN: &str = "application/octet-stream";
const TEXT: &str = "text/plain";

/// What may be uploaded.
#[derive(Clone, Debug)]
pub struct Allowed(Vec<String>);

impl Allowed {
    /// A list of types, in which `image/*` stands for all images.
    pub fn new(types: &[String]) -> Self {
        Self(types.iter().map(|one| one.trim().to_owned()).collect())
    }

    /// The first entry that is no type.
    pub fn mistake(types: &[String]) -> Option<&String> {
        types.iter().find(|one| {
            let halves = one.trim().split_once('/');
            !halves.is_some_and(|(kind, of)| !kind.is_empty() && kind != "*" && !of.is_empty())
        })
    }

    fn has(&self, mime_type: &str) -> bool {
        self.0.iter().any(|one| match one.strip_suffix('*') {
            Some(kind) => mime_type.starts_with(kind),
            None => one == mime_type,
        })
    }
}

/// What an upload is, by its first bytes, if that may be uploaded and is not something else than the
/// client says.
pub fn examine(head: &[u8], declared: &str, allowed: &Allowed) -> Result<String, MediaError> {
    if head.is_empty() {
        return Err(MediaError::Empty);
    }
    let declared = declared.split(';').next().unwrap_or_default().trim();
    let declared = declared.to_ascii_lowercase();
    let found = as_declared(sniff(head), &declared);
    if !agrees(&declared, &found) {
        return Err(MediaError::TypeMismatch { declared, found });
    }
    if !allowed.has(&found) {
        return Err(MediaError::TypeNotAllowed(found));
    }
    Ok(found)
}

/// What the bytes are.
pub fn sniff(head: &[u8]) -> &'static str {
    if let Some(markup) = markup(head) {
        return markup;
    }
    match infer::get(head).map(|found| found.mime_type()) {
        Some("audio/m4a") => "audio/mp4",
        Some("audio/x-wav") => "audio/wav",
        Some("audio/x-flac") => "audio/flac",
        Some("video/x-m4v") => "video/mp4",
        Some(found) => found,
        None if is_text(head) => TEXT,
        None => UNKNOWN,
    }
}

/// Text that begins as a document does which a browser would run.
fn markup(head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
    let text = text.trim_start().to_ascii_lowercase();
    let tag = text.strip_prefix('<')?;
    let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?' | '/');
    if !tag.starts_with(begins) {
        None
    } else if tag.contains("<svg") || tag.starts_with("svg") {
        Some("image/svg+xml")
    } else if tag.starts_with("?xml") {
        Some("text/xml")
    } else {
        Some("text/html")
    }
}

/// Characters, and none that only machines write.
fn is_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The last character may be cut.
        Err(error) => error.error_len().is_none(),
    };
    whole
        && !head
            .iter()
            .any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127))
}

/// Boxes that hold films and sound alike are what the client says of the two.
fn as_declared(found: &str, declared: &str) -> String {
    let sound = match (found, declared) {
        ("video/webm" | "video/x-matroska", "audio/webm") => "audio/webm",
        ("video/mp4", "audio/mp4" | "audio/m4a" | "audio/x-m4a") => "audio/mp4",
        ("audio/ogg", "video/ogg") => "video/ogg",
        _ => found,
    };
    sound.to_owned()
}

/// Whether a client that says the one is not lying if it is the other. A name that is none of these is
/// nothing that anybody would show.
fn agrees(declared: &str, found: &str) -> bool {
    let kind = |mime_type: &str| mime_type.split('/').next().unwrap_or_default().to_owned();
    match kind(declared).as_str() {
        "image" | "audio" | "video" => kind(declared) == kind(found),
        _ if declared == "application/pdf" => found == declared,
        _ => true,
    }
}

#[cfg(test)]
mod tests;
