//! What somebody is known by whom another issuer vouches for. No I/O.

use confab_ids::SessionId;
use sha2::{Digest as _, Sha256};

const LONGEST_ISSUER: usize = 512;
const LONGEST_SUBJECT: usize = 256;

/// An issuer, and its word for somebody. No two issuers mean the same person by the same word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    issuer: String,
    subject: String,
}

/// Nobody is known by such a thing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an issuer has 1 to 512 bytes, a subject 1 to 256, and a session 256 at most")]
pub struct ExternalInvalid;

impl External {
    pub fn new(issuer: String, subject: String) -> Result<Self, ExternalInvalid> {
        let fits = (1..=LONGEST_ISSUER).contains(&issuer.len())
            && (1..=LONGEST_SUBJECT).contains(&subject.len());
        if fits {
            Ok(Self { issuer, subject })
        } else {
            Err(ExternalInvalid)
        }
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The session here that belongs to one of the issuer's; all that have no name are one.
    pub fn session(&self, theirs: &str) -> SessionId {
        let mut hash = Sha256::new_with_prefix(b"confab session of an external login");
        for part in [&self.issuer, &self.subject, theirs] {
            // With their lengths: parts that run into one another must not be the same.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let hex: String = digest[..12]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        hex.parse().expect("24 hex digits are an id")
    }
}

#[cfg(test)]
mod tests {
    use super::{External, ExternalInvalid};

    fn external(issuer: &str, subject: &str) -> External {
        External::new(issuer.to_owned(), subject.to_owned()).unwrap()
    }

    #[test]
    fn the_session_follows_from_who_and_which_and_nothing_else() {
        let ann = external("https://a.example", "ann");
        assert_eq!(
            ann.session("s1"),
            external("https://a.example", "ann").session("s1")
        );
        assert_ne!(ann.session("s1"), ann.session("s2"));
        assert_ne!(
            ann.session(""),
            external("https://b.example", "ann").session("")
        );
        assert_ne!(
            ann.session("x"),
            external("https://a.example", "annx").session("")
        );
    }

    #[test]
    fn nobody_is_known_by_nothing_or_by_a_novel() {
        for (issuer, subject) in [("", "ann"), ("i", ""), ("i", &"x".repeat(257))] {
            let external = External::new(issuer.to_owned(), subject.to_owned());
            assert_eq!(external, Err(ExternalInvalid));
        }
    }
}
