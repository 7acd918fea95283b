use super::{Part, part};

#[test]
fn a_part_is_what_is_asked_for_as_far_as_it_is_there() {
    for (header, expected) in [
        (None, Part::Whole),
        (Some("bytes=0-0"), Part::Of(0..1)),
        (Some("bytes=10-19"), Part::Of(10..20)),
        (Some("bytes=10-"), Part::Of(10..100)),
        (Some("bytes=90-1000"), Part::Of(90..100)),
        (Some("bytes=-10"), Part::Of(90..100)),
        (Some("bytes=-1000"), Part::Of(0..100)),
        (Some("bytes=100-"), Part::None),
        (Some("bytes=100-200"), Part::None),
        (Some("bytes=-0"), Part::None),
        (
            Some("bytes=18446744073709551615-18446744073709551615"),
            Part::None,
        ),
        (Some("bytes=20-10"), Part::Whole),
        (Some("bytes=0-1,5-6"), Part::Whole),
        (Some("bytes=a-b"), Part::Whole),
        (Some("lines=1-2"), Part::Whole),
        (Some("bytes=-"), Part::Whole),
    ] {
        assert_eq!(part(header, 100), expected, "{header:?}");
    }
}
