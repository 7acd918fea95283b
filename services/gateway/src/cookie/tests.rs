use http::{HeaderMap, HeaderName, HeaderValue};

use super::{CookieRules, CookieSecure, Place, SameSite};

fn rules(secure: CookieSecure, same_site: SameSite) -> CookieRules {
    CookieRules {
        secure,
        same_site,
        origins: vec!["https://app.example.com".to_owned(), "*".to_owned()],
    }
}

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &'static str)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    pairs.iter().map(pair).collect()
}

#[test]
fn a_cookie_is_for_no_script_and_one_path_and_secure_when_the_request_was() {
    let (https, http) = (headers(&[("x-forwarded-proto", "https")]), headers(&[]));
    for (secure, same_site, headers, end) in [
        (
            CookieSecure::Auto,
            SameSite::Strict,
            &https,
            "SameSite=Strict; Secure",
        ),
        (
            CookieSecure::Auto,
            SameSite::Strict,
            &http,
            "SameSite=Strict",
        ),
        (
            CookieSecure::Always,
            SameSite::Lax,
            &http,
            "SameSite=Lax; Secure",
        ),
        (CookieSecure::Never, SameSite::Lax, &https, "SameSite=Lax"),
        (
            CookieSecure::Auto,
            SameSite::None,
            &http,
            "SameSite=None; Secure",
        ),
    ] {
        let cookie =
            rules(secure, same_site).hold(headers, &Place::of("/api/auth/login"), "a.b", 60);
        let expected = format!("confab_refresh=a.b; Path=/api/auth; Max-Age=60; HttpOnly; {end}");
        assert_eq!(cookie.to_str().unwrap(), expected);
    }
}

#[test]
fn a_cookie_is_found_among_others_and_bounded() {
    let rules = rules(CookieSecure::Auto, SameSite::Strict);
    let read = |cookie| rules.read(&headers(&[("cookie", cookie)])).unwrap();
    assert_eq!(read("a=1; confab_refresh=x.y; b=2"), Some("x.y".to_owned()));
    for none in [
        "",
        "a=1",
        "confab_refresh=",
        "xconfab_refresh=x.y",
        "confab_refresh",
    ] {
        assert_eq!(read(none), None, "{none}");
    }
    let long: &'static str = Box::leak(format!("confab_refresh={}", "x".repeat(257)).into());
    assert_eq!(read(long), None);
}

#[test]
fn a_page_of_another_site_cannot_use_the_cookie() {
    let rules = rules(CookieSecure::Auto, SameSite::None);
    let read = |origin| {
        rules.read(&headers(&[
            ("cookie", "confab_refresh=x.y"),
            ("host", "chat.example.com"),
            ("origin", origin),
        ]))
    };
    for ours in ["https://chat.example.com", "https://app.example.com"] {
        assert_eq!(read(ours).unwrap(), Some("x.y".to_owned()));
    }
    for theirs in [
        "https://evil.example",
        "null",
        "*",
        "https://chat.example.com:444",
    ] {
        assert!(read(theirs).is_err(), "{theirs}");
    }
}

#[test]
fn a_cookie_is_meant_for_the_dialect_that_set_it() {
    for (path, place) in [
        ("/api/auth/login", "/api/auth"),
        ("/daylog/api/auth/refresh", "/daylog/api/auth"),
        ("/somewhere", "/api/auth"),
    ] {
        assert_eq!(Place::of(path).0, place);
    }
}

#[test]
fn a_token_for_scripts_is_for_the_whole_page_and_found_again() {
    let cookie =
        rules(CookieSecure::Auto, SameSite::Strict).show(&headers(&[]), "token", "a.b.c", 9);
    assert_eq!(cookie, "token=a.b.c; Path=/; Max-Age=9; SameSite=Strict");
    let found = super::value(&headers(&[("cookie", "x=1; token=a.b.c")]), "token");
    assert_eq!(found.as_deref(), Some("a.b.c"));
}
