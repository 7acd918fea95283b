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
