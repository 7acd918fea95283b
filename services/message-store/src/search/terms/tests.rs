use super::{Terms, words};
use crate::invalid::Invalid;

fn of(text: &str) -> Vec<String> {
    words(text).into_iter().collect()
}

#[test]
fn words_are_compared_without_case_accents_and_punctuation() {
    assert_eq!(of("Déjà vu, DÉJÀ-VU!"), ["deja", "vu"]);
    assert_eq!(of("Straße ﬁne"), ["fine", "straße"]);
    assert_eq!(of("it's 3.14"), ["3.14", "it's"]);
}

#[test]
fn writing_without_spaces_is_found_by_its_characters() {
    assert_eq!(of("会議室"), ["会", "室", "議"]);
}

#[test]
fn a_text_without_words_has_none() {
    assert!(of("!!! — …").is_empty());
    assert!(of("").is_empty());
}

#[test]
fn a_long_word_is_cut_between_two_letters() {
    let long = "ä".repeat(3) + &"й".repeat(200);
    let cut = of(&long).remove(0);
    assert!(cut.len() <= 64, "{}", cut.len());
    assert!(cut.starts_with("aaa"));
}

#[test]
fn a_message_made_of_words_has_a_bounded_number() {
    let text: Vec<String> = (0..2_000).map(|number| format!("w{number}")).collect();
    assert_eq!(of(&text.join(" ")).len(), 500);
}

#[test]
fn the_word_that_ends_a_query_is_a_prefix_and_so_is_one_with_an_asterisk() {
    let terms = Terms::parse("Hello bea* Wor").unwrap();
    assert_eq!(terms.words.into_iter().collect::<Vec<_>>(), ["hello"]);
    assert_eq!(
        terms.prefixes.into_iter().collect::<Vec<_>>(),
        ["bea", "wor"]
    );
    let terms = Terms::parse("hello world ").unwrap();
    assert_eq!(terms.words.len(), 2);
    assert!(terms.prefixes.is_empty());
}

#[test]
fn a_query_says_what_is_wrong_with_it() {
    let invalid = |query: &str| matches!(Terms::parse(query), Err(Invalid::Query(_)));
    assert!(invalid(""));
    assert!(invalid(" * ! "));
    assert!(invalid("a b c d e f g h i j k"));
    assert!(invalid(&"a".repeat(257)));
}

#[test]
fn a_text_matches_if_it_has_everything() {
    let terms = Terms::parse("meet tomorrow at no").unwrap();
    assert!(terms.match_text("Shall we meet at NOON tomorrow?"));
    assert!(!terms.match_text("Shall we meet at ten tomorrow?"));
    assert!(!terms.match_text("Noon tomorrow"));
}
