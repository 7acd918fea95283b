//! Which issuers an operator trusts.

use std::fmt;

use serde::Deserialize;
use url::Url;

/// How many there may be.
const MOST: usize = 32;

/// One issuer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issuer {
    /// The `iss` of its tokens, as it is.
    pub issuer: String,
    /// The `aud` that they must carry, if any.
    pub audience: Option<String>,
    /// Where its keys are; found by OpenID discovery at the issuer if neither this nor `publicKey` is given.
    pub jwks_url: Option<Url>,
    /// Its one key as PEM, if it publishes none.
    pub public_key: Option<String>,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuerList(pub Vec<Issuer>);

/// Why a list cannot be used.
#[derive(Debug)]
pub struct IssuersInvalid(String);

impl fmt::Display for IssuersInvalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for IssuersInvalid {}

impl std::str::FromStr for IssuerList {
    type Err = IssuersInvalid;

    /// Reads a JSON list, or the file that holds one: `file:/path`.
    fn from_str(text: &str) -> Result<Self, IssuersInvalid> {
        let wrong = |why: String| IssuersInvalid(why);
        let text = match text.strip_prefix("file:") {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| wrong(format!("cannot read {path}: {error}")))?,
            None => text.to_owned(),
        };
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let issuers: Vec<Issuer> = serde_json::from_str(&text)
            .map_err(|error| wrong(format!("not such a list: {error}")))?;
        if issuers.len() > MOST {
            return Err(wrong(format!("{MOST} issuers at most")));
        }
        for (at, one) in issuers.iter().enumerate() {
            check(one).map_err(|why| wrong(format!("{:?}: {why}", one.issuer)))?;
            if issuers[..at].iter().any(|other| other.issuer == one.issuer) {
                return Err(wrong(format!("{:?} is there twice", one.issuer)));
            }
        }
        Ok(Self(issuers))
    }
}

fn check(issuer: &Issuer) -> Result<(), &'static str> {
    if issuer.issuer.is_empty() || issuer.issuer.contains(char::is_whitespace) {
        return Err("an issuer is a text without spaces");
    }
    if issuer.jwks_url.is_some() && issuer.public_key.is_some() {
        return Err("jwksUrl and publicKey exclude each other");
    }
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if issuer.jwks_url.as_ref().is_some_and(|url| !is_web(url)) {
        return Err("jwksUrl is an http or https URL");
    }
    let is_given = issuer.jwks_url.is_some() || issuer.public_key.is_some();
    if !is_given && !Url::parse(&issuer.issuer).is_ok_and(|url| is_web(&url)) {
        return Err("an issuer that is no URL needs jwksUrl or publicKey");
    }
    if let Some(pem) = &issuer.public_key
        && super::keys::of_pem(pem).is_empty()
    {
        return Err("publicKey is no public key in PEM");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::IssuerList;

    #[test]
    fn a_list_is_read_and_checked() {
        let count = |text: &str| text.parse::<IssuerList>().map(|list| list.0.len());
        assert_eq!(count("").unwrap(), 0);
        assert_eq!(
            count(r#"[{"issuer":"https://a.example","audience":"x"}]"#).unwrap(),
            1
        );
        let jwks = r#"[{"issuer":"a","jwksUrl":"https://a.example/keys"},{"issuer":"b","jwksUrl":"http://b/"}]"#;
        assert_eq!(count(jwks).unwrap(), 2);
        for wrong in [
            "{}",
            "[{}]",
            r#"[{"issuer":"a"}]"#,
            r#"[{"issuer":"https://a.example","secret":"x"}]"#,
            r#"[{"issuer":"a","jwksUrl":"file:///etc/passwd"}]"#,
            r#"[{"issuer":"a","publicKey":"nonsense"}]"#,
            r#"[{"issuer":"https://a.example"},{"issuer":"https://a.example"}]"#,
            "file:/nowhere",
        ] {
            assert!(count(wrong).is_err(), "{wrong}");
        }
    }
}
