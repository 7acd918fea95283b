//! What the bench is doing, on stderr, so that stdout is the report alone.

pub fn say(what: &str) {
    eprintln!("bench: {what}");
}
