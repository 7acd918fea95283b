//! An address that is good for one upload to S3, signed with version 4 of AWS' signatures. The library
//! signs such addresses, too, but not how much may come; here the size is part of what is signed, so
//! that the store refuses any other. No I/O.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

/// Who signs.
pub struct Keys {
    pub id: String,
    pub secret: String,
    /// Of keys that are good for a while only.
    pub token: Option<String>,
}

/// A request that somebody else will make.
pub struct Put {
    /// Without a query.
    pub url: String,
    pub content_length: u64,
    pub region: String,
    pub expires_in: Duration,
    pub at: SystemTime,
}

impl Put {
    /// The whole address.
    pub fn signed(&self, keys: &Keys) -> String {
        let headers = format!(
            "content-length:{}\nhost:{}\n",
            self.content_length,
            self.host()
        );
        self.sign("PUT", ("content-length;host", &headers), keys)
    }

    fn sign(&self, method: &str, (names, headers): (&str, &str), keys: &Keys) -> String {
        let time = basic(self.at);
        let day = &time[..8];
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let mut query = vec![
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("X-Amz-Credential", format!("{}/{scope}", keys.id)),
            ("X-Amz-Date", time.clone()),
            ("X-Amz-Expires", self.expires_in.as_secs().to_string()),
        ];
        if let Some(token) = &keys.token {
            query.push(("X-Amz-Security-Token", token.clone()));
        }
        query.push(("X-Amz-SignedHeaders", names.to_owned()));
        let query: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let query = query.join("&");
        let request = format!(
            "{method}\n{}\n{query}\n{headers}\n{names}\nUNSIGNED-PAYLOAD",
            self.path()
        );
        let text = format!(
            "AWS4-HMAC-SHA256\n{time}\n{scope}\n{}",
            hex(&Sha256::digest(&request))
        );
        let mut key = format!("AWS4{}", keys.secret).into_bytes();
        for part in [day, &self.region, "s3", "aws4_request"] {
            key = mac(&key, part);
        }
        format!(
            "{}?{query}&X-Amz-Signature={}",
            self.url,
            hex(&mac(&key, &text))
        )
    }

    fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    fn path(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.find('/').map_or("/", |at| &rest[at..])
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    })
}

/// `20130524T000000Z`.
fn basic(time: SystemTime) -> String {
    let whole = time
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let time = UNIX_EPOCH + Duration::from_secs(whole);
    let text = humantime::format_rfc3339_seconds(time).to_string();
    text.replace(['-', ':'], "")
}

#[cfg(test)]
mod tests;
