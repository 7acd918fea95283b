//! Where uploads are kept, as an operator writes it. No I/O.

use std::path::PathBuf;

use url::Url;

/// A place for uploads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Nowhere,
    /// On this machine, or mounted on each.
    Folder(PathBuf),
    Bucket(Bucket),
}

/// A bucket of something that speaks S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub name: String,
    /// What every key begins with; no slash at either end.
    pub prefix: String,
    pub region: String,
    /// Where it is, if it is not at AWS: `http://host:port`.
    pub endpoint: Option<String>,
    /// Where clients reach it, who upload directly then; none if they cannot.
    pub public_endpoint: Option<String>,
}

impl Place {
    /// # Errors
    /// With a sentence, if this is no place.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self::Nowhere);
        }
        if !text.starts_with("s3:") {
            if text.contains("://") {
                return Err(format!("{text} is neither a folder nor s3://bucket"));
            }
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        Bucket::parse(text).map(Self::Bucket)
    }
}

impl Bucket {
    fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("{text}: {error}"))?;
        let name = url.host_str().unwrap_or_default().to_owned();
        if name.is_empty() || url.port().is_some() || !url.username().is_empty() {
            return Err(format!("{text} is not like s3://bucket"));
        }
        let mut bucket = Self {
            name,
            prefix: url.path().trim_matches('/').to_owned(),
            region: "us-east-1".to_owned(),
            endpoint: None,
            public_endpoint: None,
        };
        for (key, value) in url.query_pairs() {
            match key.as_ref() {
                "region" => bucket.region = value.into_owned(),
                "endpoint" => bucket.endpoint = Some(endpoint(&value)?),
                "public_endpoint" => bucket.public_endpoint = Some(endpoint(&value)?),
                other => {
                    return Err(format!(
                        "there is no {other}, only region, endpoint, public_endpoint"
                    ));
                }
            }
        }
        Ok(bucket)
    }

    /// The address of the bucket for clients; none if they cannot reach it.
    #[must_use]
    pub fn public_url(&self) -> Option<String> {
        match (&self.public_endpoint, &self.endpoint) {
            (Some(endpoint), _) => Some(format!("{endpoint}/{}", self.name)),
            (None, None) => Some(format!(
                "https://{}.s3.{}.amazonaws.com",
                self.name, self.region
            )),
            (None, Some(_)) => None,
        }
    }
}

fn endpoint(text: &str) -> Result<String, String> {
    let wrong = || format!("{text} is not like http://host:port");
    let url = Url::parse(text).map_err(|_| wrong())?;
    let plain = matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/";
    if plain && url.query().is_none() {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests;
