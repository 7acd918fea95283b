use std::time::Duration;

use tonic::{Code, Status};

use super::{Fault, Kind};

#[test]
fn every_kind_survives_the_wire_with_its_reason_detail_and_wait() {
    for kind in Kind::ALL {
        let fault = Fault::new(kind, "ROOM_NOT_FOUND", "there is no such room")
            .retry_after(Duration::from_millis(1_500));
        assert_eq!(Fault::from(Status::from(fault.clone())), fault);
    }
}

#[test]
fn what_a_transport_says_does_not_reach_a_client() {
    let fault = Fault::from(Status::unavailable(
        "tcp connect error: 10.0.0.7:50051 refused",
    ));
    assert_eq!(
        (fault.kind(), fault.reason()),
        (Kind::Unavailable, "UNAVAILABLE")
    );
    assert!(!fault.detail().contains("10.0.0.7"));
}

#[test]
fn a_code_outside_the_table_is_a_defect_of_ours() {
    for code in [
        Code::DataLoss,
        Code::Unimplemented,
        Code::Unknown,
        Code::OutOfRange,
    ] {
        assert_eq!(Fault::from(Status::new(code, "x")).kind(), Kind::Internal);
    }
}

#[test]
fn what_is_unavailable_says_when_to_come_back_and_what_may_have_happened_does_not() {
    let wait = |kind| Fault::new(kind, "R", "d").wait();
    assert!(wait(Kind::Unavailable).is_some());
    assert!(wait(Kind::Timeout).is_none() && wait(Kind::Limited).is_none());
    assert!(Fault::from(Status::unavailable("x")).wait().is_some());
}

#[test]
fn who_cannot_repeat_safely_is_invited_only_where_it_did_not_happen() {
    let wait = |kind| {
        let fault = Fault::new(kind, "R", "d").retry_after(Duration::from_secs(1));
        fault.not_to_be_repeated().wait()
    };
    assert!(wait(Kind::Timeout).is_none());
    assert!(wait(Kind::Unavailable).is_some() && wait(Kind::Limited).is_some());
}
