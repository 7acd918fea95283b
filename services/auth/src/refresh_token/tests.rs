use confab_ids::SessionId;

use super::{Family, RefreshToken, RefreshTokenMalformed, Step};

fn token() -> RefreshToken {
    RefreshToken::first(SessionId::generate(), &Family::generate())
}

#[test]
fn a_refresh_token_survives_the_way_to_the_client_and_back() {
    let token = token();
    let back: RefreshToken = token.text().parse().unwrap();
    assert_eq!(back, token);
    assert_eq!(back.hash(), token.hash());
}

#[test]
fn each_refresh_token_has_a_secret_of_its_own() {
    let (session, family) = (SessionId::generate(), Family::generate());
    let first = RefreshToken::first(session, &family);
    let step = Step::generate();
    let next = first.next(&family, &step);
    assert_ne!(first.hash(), RefreshToken::first(session, &family).hash());
    assert_ne!(first.hash(), next.hash());
    assert_ne!(next.hash(), first.next(&family, &Step::generate()).hash());
    assert_eq!(next, first.next(&family, &step));
}

#[test]
fn a_mark_tells_a_sessions_own_tokens_from_guesses() {
    let family = Family::generate();
    let first = RefreshToken::first(SessionId::generate(), &family);
    let next = first.next(&family, &Step::generate());
    assert!(first.is_of(&family) && next.is_of(&family));
    assert!(!token().is_of(&family));
    let guess = format!("{}.{}", first.session, "0".repeat(80));
    assert!(!guess.parse::<RefreshToken>().unwrap().is_of(&family));
}

#[test]
fn other_texts_are_no_refresh_tokens() {
    let token = token().text();
    let (session, secret) = token.split_once('.').unwrap();
    for text in [
        "",
        ".",
        session,
        secret,
        &format!("{session}."),
        &format!("{session}.{secret}0"),
        &format!("{session}.{}", &secret[2..]),
        &format!("{session}.{}é", &secret[2..]),
        &format!("{session}.+{}", &secret[1..]),
        &format!("x{session}.{secret}"),
        &format!("{session}{secret}"),
        &"x".repeat(100_000),
    ] {
        assert_eq!(text.parse::<RefreshToken>(), Err(RefreshTokenMalformed));
    }
}

#[test]
fn a_refresh_token_never_shows_its_secret() {
    let token = token();
    assert!(!format!("{token:?}").contains(token.text().split_once('.').unwrap().1));
}
