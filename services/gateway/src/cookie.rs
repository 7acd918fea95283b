//! The cookie that holds a refresh token: how it is written, read and given up, and from where it is taken.
//!
//! It is sent to `/api/auth` of one dialect alone, read by `refresh` and `logout` alone, and by no script. A page of
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

/// Which requests a cookie is sent with.
pub struct Place(String);

impl Place {
    /// Below the `/api/auth` that a request went to, with the prefix of its dialect.
    pub fn of(path: &str) -> Self {
        let end = path.find(AUTH).map_or(0, |at| at + AUTH.len());
        Self(match &path[..end] {
            "" => AUTH.to_owned(),
            place => place.to_owned(),
        })
    }
}

/// Where sessions are made and ended.
const AUTH: &str = "/api/auth";

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
        self.check(headers)?;
        Ok(Some(token))
    }

    /// Whether a cookie may be used for a request.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Error> {
        if self.is_ours(headers) {
            Ok(())
        } else {
            Err(Error::OriginForbidden)
        }
    }

    /// The cookie that holds a token for so many seconds.
    pub fn hold(
        &self,
        headers: &HeaderMap,
        place: &Place,
        token: &str,
        seconds: i64,
    ) -> HeaderValue {
        let (same_site, secure) = self.attributes(headers);
        let cookie = format!(
            "{NAME}={token}; Path={}; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}",
            place.0
        );
        HeaderValue::from_str(&cookie).expect("a refresh token is hex digits and a dot")
    }

    /// A cookie with a token that scripts of the page may read, for `/` as a whole: for dialects whose
    /// clients take the token from there.
    pub fn show(&self, headers: &HeaderMap, name: &str, token: &str, seconds: i64) -> HeaderValue {
        let (same_site, secure) = self.attributes(headers);
        let cookie =
            format!("{name}={token}; Path=/; Max-Age={seconds}; SameSite={same_site}{secure}");
        HeaderValue::from_str(&cookie).expect("an access token is base64 and dots")
    }

    /// The cookie that removes the one before.
    pub fn give_up(&self, headers: &HeaderMap, place: &Place) -> HeaderValue {
        self.hold(headers, place, "", 0)
    }

    fn attributes(&self, headers: &HeaderMap) -> (&'static str, &'static str) {
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
        (same_site, if secure { "; Secure" } else { "" })
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
    value(headers, NAME).filter(|token| token.len() <= LONGEST)
}

/// What a cookie of this name holds, if anything.
pub fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(one, _)| *one == name)?;
    (!value.is_empty()).then(|| value.to_owned())
}

fn came_over_https(headers: &HeaderMap) -> bool {
    headers
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

#[cfg(test)]
mod tests;
