use confab_ids::SessionId;

use super::{RefreshToken, RefreshTokenMalformed};

#[test]
fn a_refresh_token_survives_the_way_to_the_client_and_back() {
    let token = RefreshToken::generate(SessionId::generate());
    let back: RefreshToken = token.text().parse().unwrap();
    assert_eq!(back, token);
    assert_eq!(back.hash(), token.hash());
}

#[test]
fn each_refresh_token_has_a_secret_of_its_own() {
    let session = SessionId::generate();
    let (one, other) = (
        RefreshToken::generate(session),
        RefreshToken::generate(session),
    );
    assert_ne!(one.hash(), other.hash());
}

#[test]
fn other_texts_are_no_refresh_tokens() {
    let token = RefreshToken::generate(SessionId::generate()).text();
    let (session, secret) = token.split_once('.').unwrap();
    for text in [
        "",
        ".",
        session,
        secret,
        &format!("{session}."),
        &format!("{session}.{secret}0"),
        &format!("x{session}.{secret}"),
        &format!("{session}{secret}"),
        &"x".repeat(100_000),
    ] {
        assert_eq!(text.parse::<RefreshToken>(), Err(RefreshTokenMalformed));
    }
}

#[test]
fn a_refresh_token_never_shows_its_secret() {
    let token = RefreshToken::generate(SessionId::generate());
    assert!(!format!("{token:?}").contains(token.text().split_once('.').unwrap().1));
}
