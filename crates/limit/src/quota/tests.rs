use std::time::Duration;

use super::Quota;

#[test]
fn a_quota_is_a_number_and_a_time_and_is_written_as_it_is_read() {
    for text in [
        "10/5s",
        "1/1ms",
        "1000000/1s",
        "3/2m",
        "60/1h",
        "1/30d",
        "7/1500ms",
    ] {
        assert_eq!(text.parse::<Quota>().unwrap().to_string(), text);
    }
    assert_eq!("10/s".parse(), Quota::new(10, Duration::from_secs(1)));
    assert_eq!("60/60m".parse::<Quota>().unwrap().to_string(), "60/1h");
}

#[test]
fn what_is_no_quota_is_refused() {
    let wrong = [
        "",
        "10",
        "/",
        "10/",
        "/5s",
        "0/5s",
        "-1/5s",
        "+1/5s",
        "10/0s",
        "10/5",
        "10/5w",
        "10/5 s",
        " 10/5s",
        "1.5/5s",
        "10/-5s",
        "1000001/1d",
        "10/367d",
        "10/99999999999999999999s",
        "10/18446744073709551615d",
        "2000/1ms",
        "10/5s/2",
        "ten/5s",
    ];
    for text in wrong {
        assert!(text.parse::<Quota>().is_err(), "{text:?} was taken");
    }
}

#[test]
fn a_share_is_a_part_and_never_nothing() {
    let quota: Quota = "10/5s".parse().unwrap();
    let shares: Vec<_> = [0, 1, 2, 3, 10, 1_000]
        .map(|n| quota.share(n).count())
        .into();
    assert_eq!(shares, [10, 10, 5, 4, 1, 1]);
    assert_eq!(quota.share(2).period(), quota.period());
}

#[test]
fn intervals_are_rounded_up() {
    let quota: Quota = "3/1s".parse().unwrap();
    assert_eq!((quota.interval(), quota.depth()), (333_334, 1_000_002));
}
