//! The cookie that holds a refresh token: how it is written, read and given up, and from where it is taken.
//!
//! It is sent to `/api/auth` alone, read by `refresh` and `logout` alone, and by no script. A page of
//! another site cannot use it: `SameSite` keeps it back, and where that is loosened, the `Origin` decides.

use clap::ValueEnum;
use http::header::{COOKIE, HOST, ORIGIN};
use http::{HeaderMap, HeaderValue};

use crate::config::Config;
use crate::error::Error;

/// Its name.
pub const NAME: &str = "confab_refresh";
/// The longest value that is looked at; ours have 105 bytes.
const LONGEST: usize = 256;

/// When it is sent over https alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CookieSecure {
    /// If the request came over https.
    Auto,
    Always,
    Never,
}

/// With which requests of other sites it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SameSite {
    Strict,
    Lax,
    None,
}

/// How this gateway handles it.
pub struct CookieRules {
    secure: CookieSecure,
    same_site: SameSite,
    origins: Vec<String>,
}

impl CookieRules {
    /// As the operator wants it.
    pub fn new(config: &Config) -> Self {
        Self {
            secure: config.cookie_secure,
            same_site: config.cookie_same_site,
            origins: config.cors_origins.clone(),
        }
    }

    /// The refresh token that a request's cookie holds.
    pub fn read(&self, headers: &HeaderMap) -> Result<Option<String>, Error> {
        let Some(token) = find(headers) else {
            return Ok(None);
        };
        if self.is_ours(headers) {
            Ok(Some(token))
        } else {
            Err(Error::OriginForbidden)
        }
    }

    /// The cookie that holds a token for so many seconds.
    pub fn hold(&self, headers: &HeaderMap, token: &str, seconds: i64) -> HeaderValue {
        let secure = match self.secure {
            CookieSecure::Always => true,
            CookieSecure::Never => false,
            CookieSecure::Auto => {
                // Without it browsers drop `SameSite=None`.
                self.same_site == SameSite::None || came_over_https(headers)
            }
        };
        let same_site = match self.same_site {
            SameSite::Strict => "Strict",
            SameSite::Lax => "Lax",
            SameSite::None => "None",
        };
        let secure = if secure { "; Secure" } else { "" };
        let cookie = format!(
            "{NAME}={token}; Path=/api/auth; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}"
        );
        HeaderValue::from_str(&cookie).expect("a refresh token is hex digits and a dot")
    }

    /// The cookie that removes the one before.
    pub fn give_up(&self, headers: &HeaderMap) -> HeaderValue {
        self.hold(headers, "", 0)
    }

    /// Whether a request comes from our own page, from one that may call, or from no page at all.
    fn is_ours(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else {
            return true;
        };
        let Ok(origin) = origin.to_str() else {
            return false;
        };
        // `*` allows anybody to call, and nobody to use another one's cookie.
        if origin != "*" && self.origins.iter().any(|allowed| allowed == origin) {
            return true;
        }
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        host.is_some() && authority == host
    }
}

fn find(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, token) = pairs.find(|(name, _)| *name == NAME)?;
    (!token.is_empty() && token.len() <= LONGEST).then(|| token.to_owned())
}

fn came_over_https(headers: &HeaderMap) -> bool {
    headers
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

#[cfg(test)]
mod tests;
