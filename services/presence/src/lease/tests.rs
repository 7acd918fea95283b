use super::{GatewayId, GatewayIdInvalid, RelayUrl, RelayUrlInvalid};

#[test]
fn a_gateway_id_is_letters_digits_and_dashes() {
    for text in ["g", "gateway-7f9c-A1", &"x".repeat(64)] {
        assert_eq!(text.parse::<GatewayId>().unwrap().to_string(), text);
    }
    for text in ["", "a b", "a_b", "a:b", "ä", "a\n", &"x".repeat(65)] {
        assert_eq!(text.parse::<GatewayId>(), Err(GatewayIdInvalid), "{text:?}");
    }
}

#[test]
fn a_relay_url_is_a_host_and_a_port() {
    for text in [
        "http://10.0.0.7:8080",
        "http://gateway-0.gateway:8080",
        "http://[::1]:7400",
    ] {
        assert_eq!(text.parse::<RelayUrl>().unwrap().to_string(), text);
    }
    assert_eq!(
        "http://h:1/".parse::<RelayUrl>().unwrap().to_string(),
        "http://h:1"
    );
}

#[test]
fn anything_more_than_a_host_and_a_port_is_no_relay_url() {
    let long = format!("http://{}:1", "h".repeat(300));
    for text in [
        "",
        "nonsense",
        "http://",
        "ftp://h:1",
        "https://h:1",
        "http://h:0",
        "http://h:70000",
        "http://h:1/path",
        "http://h:1?q",
        "http://h:1#f",
        "http://u:p@h:1",
        "http://h h:1",
        &long,
    ] {
        assert_eq!(text.parse::<RelayUrl>(), Err(RelayUrlInvalid), "{text:?}");
    }
}
