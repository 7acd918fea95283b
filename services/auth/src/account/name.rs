//! Usernames for those who bring none: made of another name of theirs, and of chance. No I/O.

use crate::username::{self, Username};

/// How many characters of the other name are taken over.
const TAKEN_OVER: usize = 20;
/// What a name is made of if nothing of the other one can be used.
const NOBODY: &str = "user";

/// A username that begins like `hint`; two calls with one hint hardly ever answer the same.
pub fn make_up(hint: &str) -> Username {
    let mut name: String = hint
        .chars()
        .map(|c| if c.is_whitespace() { '.' } else { c })
        .filter(|c| c.is_ascii_alphanumeric() || "_.-".contains(*c))
        .take(TAKEN_OVER)
        .collect();
    if name.is_empty() {
        name.push_str(NOBODY);
    }
    let name = format!(
        "{}-{:010x}",
        username::fold(&name),
        rand::random::<u64>() >> 24
    );
    name.parse()
        .expect("31 characters at most, all of them allowed")
}

#[cfg(test)]
mod tests {
    use super::make_up;

    #[test]
    fn a_name_is_made_of_what_can_be_used() {
        let begins = |hint, with| {
            let name = make_up(hint);
            assert!(
                name.as_str().starts_with(with),
                "{hint} became {}",
                name.as_str()
            );
        };
        begins("Ann Lee", "ann.lee-");
        begins("Ünal Öz", "nal.z-");
        begins("", "user-");
        begins("\u{1F600}", "user-");
        begins(&"x".repeat(500), "xxxxxxxxxxxxxxxxxxxx-");
    }

    #[test]
    fn two_of_one_name_are_told_apart() {
        assert_ne!(make_up("ann"), make_up("ann"));
    }
}
