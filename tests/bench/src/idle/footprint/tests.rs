use super::{Footprint, Samples};
use crate::cluster::Process;
use crate::procfs::Usage;

fn example() -> Vec<Footprint> {
    let process = |kind, name: &str| Process {
        kind,
        name: name.to_owned(),
        pid: 7,
    };
    let processes = [
        process("gateway", "gateway-0"),
        process("gateway", "gateway-1"),
        process("redis", "redis"),
    ];
    let usages = |each: [(u64, u64); 3]| {
        let usage = |(cpu_us, rss_kib)| Usage { cpu_us, rss_kib };
        each.map(usage).to_vec()
    };
    let samples = Samples {
        before: usages([(0, 100), (0, 200), (0, 50)]),
        connected: usages([(1_000, 300), (3_000, 500), (40, 90)]),
        held: usages([(1_200, 300), (3_000, 600), (40, 90)]),
        closed: usages([(1_200, 150), (3_000, 250), (40, 60)]),
        held_seconds: 2.0,
    };
    samples.footprints(&processes, &[10, 20])
}

#[test]
fn a_gateway_is_divided_by_its_own_connections_and_others_by_all() {
    let footprints = example();
    let names: Vec<_> = footprints.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["gateway-0", "gateway-1", "all gateways", "redis"]);
    let each: Vec<_> = footprints.iter().map(|one| one.connections).collect();
    assert_eq!(each, [10, 20, 30, 30]);
}

#[test]
fn memory_is_what_was_added_while_the_connections_were_held() {
    let footprints = example();
    assert_eq!(footprints[0].kib_per_connection, 20.0);
    assert_eq!(footprints[1].kib_per_connection, 20.0);
    assert_eq!(footprints[2].kib_per_connection, 20.0);
    assert_eq!(footprints[2].rss_closed_kib, 400);
}

#[test]
fn the_work_of_connecting_and_the_work_of_staying_are_apart() {
    let footprints = example();
    assert_eq!(footprints[0].connect_us_per_connection, 100.0);
    assert_eq!(footprints[0].idle_us_per_connection_and_second, 10.0);
    assert_eq!(footprints[1].idle_us_per_connection_and_second, 0.0);
}
