use super::{Cost, Work, costs, other_cores};
use crate::cluster::Process;
use crate::procfs::Usage;

fn process(kind: &'static str, name: &str) -> Process {
    Process {
        kind,
        name: name.to_owned(),
        pid: 7,
    }
}

fn usage(cpu_us: u64, rss_kib: u64) -> Usage {
    Usage { cpu_us, rss_kib }
}

fn example() -> Vec<Cost> {
    let processes = [
        process("gateway", "gateway-0"),
        process("gateway", "gateway-1"),
        process("redis", "redis"),
        process("generator", "generator"),
    ];
    let before = [usage(100, 1), usage(200, 2), usage(0, 4), usage(0, 8)];
    let after = [
        usage(1_100, 10),
        usage(3_200, 20),
        usage(500, 40),
        usage(9_000, 80),
    ];
    let work = Work {
        seconds: 0.01,
        acked: 10,
        delivered: 50,
    };
    costs(&processes, &before, &after, work)
}

fn named<'a>(costs: &'a [Cost], name: &str) -> &'a Cost {
    costs
        .iter()
        .find(|cost| cost.name == name)
        .unwrap_or_else(|| panic!("no {name} in {costs:?}"))
}

#[test]
fn the_cost_of_a_process_is_what_it_spent_meanwhile_over_what_was_done() {
    let costs = example();
    let gateway = named(&costs, "gateway-1");
    assert_eq!(gateway.us_per_acked, 300.0);
    assert_eq!(gateway.us_per_delivered, 60.0);
    assert_eq!(gateway.cores, 0.3);
    assert_eq!((gateway.rss_before_kib, gateway.rss_after_kib), (2, 20));
}

#[test]
fn replicas_are_summed_and_a_process_alone_is_not() {
    let costs = example();
    assert_eq!(named(&costs, "all gateways").us_per_acked, 400.0);
    assert!(!costs.iter().any(|cost| cost.name == "all rediss"));
}

#[test]
fn the_cluster_is_everything_but_the_generator() {
    assert_eq!(named(&example(), "cluster").us_per_acked, 450.0);
}

#[test]
fn nothing_done_divides_by_nothing() {
    let work = Work {
        seconds: 1.0,
        acked: 0,
        delivered: 0,
    };
    let costs = costs(
        &[process("redis", "redis")],
        &[usage(0, 0)],
        &[usage(5, 0)],
        work,
    );
    assert!(costs[0].us_per_acked.is_finite());
}

#[test]
fn what_the_machine_spent_on_others_is_what_is_left_when_each_process_is_taken_once() {
    let work = Work {
        seconds: 0.01,
        acked: 10,
        delivered: 50,
    };
    // The four processes spent 13,500 of them.
    let others = other_cores(14_500, &example(), work);
    assert!((others - 0.1).abs() < 1e-9, "{others}");
    assert_eq!(other_cores(13_000, &example(), work), 0.0);
}
