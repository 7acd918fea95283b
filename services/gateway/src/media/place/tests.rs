use super::{Bucket, Place};

#[test]
fn a_folder_and_nothing_are_places() {
    assert_eq!(Place::parse(""), Ok(Place::Nowhere));
    assert_eq!(Place::parse("/media"), Ok(Place::Folder("/media".into())));
}

#[test]
fn a_bucket_elsewhere_says_where_it_is_and_where_clients_reach_it() {
    let text = "s3://media/some/prefix/?region=eu&endpoint=http://minio:9000&public_endpoint=https://files.example/";
    let expected = Bucket {
        name: "media".to_owned(),
        prefix: "some/prefix".to_owned(),
        region: "eu".to_owned(),
        endpoint: Some("http://minio:9000".to_owned()),
        public_endpoint: Some("https://files.example".to_owned()),
    };
    assert_eq!(
        expected.public_url().unwrap(),
        "https://files.example/media"
    );
    assert_eq!(Place::parse(text), Ok(Place::Bucket(expected)));
}

#[test]
fn clients_reach_a_bucket_at_aws_and_no_other_unless_it_is_said() {
    let public = |text| match Place::parse(text) {
        Ok(Place::Bucket(bucket)) => bucket.public_url(),
        other => panic!("{other:?}"),
    };
    let aws = "https://media.s3.eu-west-1.amazonaws.com";
    assert_eq!(public("s3://media?region=eu-west-1").as_deref(), Some(aws));
    assert_eq!(public("s3://media?endpoint=http://minio:9000"), None);
}

#[test]
fn what_is_no_place_is_refused() {
    for text in [
        "s3://",
        "s3:bucket",
        "s3://bucket:80",
        "s3://bucket?secret=1",
        "s3://bucket?endpoint=minio:9000",
        "s3://bucket?endpoint=http://minio:9000/path",
        "gs://bucket",
    ] {
        assert!(Place::parse(text).is_err(), "{text}");
    }
}
