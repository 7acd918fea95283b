//! What others' tokens say. No I/O.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The claims that are read.
#[derive(Debug, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub exp: u64,
    /// What the issuer calls the session.
    pub sid: Option<String>,
    #[serde(alias = "preferred_username", alias = "nickname")]
    pub username: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub picture: Option<String>,
}

/// Whom a token names as its issuer; nothing is proven by that.
pub fn issuer_of(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        iss: String,
    }
    let payload = token.split('.').nth(1)?;
    let json = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    let named: Named = serde_json::from_slice(&json).ok()?;
    Some(named.iss)
}

#[cfg(test)]
mod tests {
    use super::issuer_of;

    #[test]
    fn an_issuer_is_read_from_what_looks_like_a_token() {
        // {"iss":"https://a.example"}
        let token = "e30.eyJpc3MiOiJodHRwczovL2EuZXhhbXBsZSJ9.x";
        assert_eq!(issuer_of(token).as_deref(), Some("https://a.example"));
        for none in ["", "a.b", "e30.e30.x", "...", "e30.%%%.x", "e30.W10.x"] {
            assert_eq!(issuer_of(none), None, "{none}");
        }
    }
}
