//! Session ids that say which gateway holds the session. No I/O.

use axum::body::Bytes;
use http::Uri;
use http::uri::PathAndQuery;

/// What stands between the gateway's name and the library's id; it is in neither.
const SEPARATOR: char = '.';

/// A session's full name.
#[derive(Debug, PartialEq, Eq)]
pub struct SessionName {
    /// The gateway that holds it; empty if the id carries no name.
    pub gateway: String,
    /// The library's own id.
    pub session: String,
}

impl SessionName {
    /// The session that a request names, if it names one.
    pub fn of(uri: &Uri) -> Option<Self> {
        let id = uri
            .query()?
            .split('&')
            .find_map(|pair| pair.strip_prefix("sid="))?;
        let (gateway, session) = id.split_once(SEPARATOR).unwrap_or(("", id));
        Some(Self {
            gateway: gateway.to_owned(),
            session: session.to_owned(),
        })
    }

    /// The same address as the library knows it.
    pub fn unnamed(&self, uri: &Uri) -> Option<Uri> {
        let pairs: Vec<_> = uri
            .query()?
            .split('&')
            .map(|pair| match pair.strip_prefix("sid=") {
                Some(_) => format!("sid={}", self.session),
                None => pair.to_owned(),
            })
            .collect();
        let path: PathAndQuery = format!("{}?{}", uri.path(), pairs.join("&")).parse().ok()?;
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(path);
        Uri::from_parts(parts).ok()
    }
}

/// An open packet whose session id carries the gateway's name; `None` if it is not an open packet.
pub fn name(packet: &Bytes, gateway: &str) -> Option<Bytes> {
    const FIELD: &str = r#""sid":""#;
    let text = std::str::from_utf8(packet)
        .ok()
        .filter(|text| text.starts_with("0{"))?;
    let (before, after) = text.split_once(FIELD)?;
    Some(Bytes::from(format!(
        "{before}{FIELD}{gateway}{SEPARATOR}{after}"
    )))
}

#[cfg(test)]
mod tests;
