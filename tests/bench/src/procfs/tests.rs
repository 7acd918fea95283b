use super::{cpu_us, kib, soft_limit, usage};

#[test]
fn cpu_time_is_user_and_system_time_together() {
    let stat =
        "4242 (confab-gateway) S 1 4242 4242 0 -1 4194304 900 0 0 0 150 50 7 9 20 0 3 0 99 1 2";
    assert_eq!(cpu_us(stat), Some(2_000_000));
}

#[test]
fn a_program_with_spaces_and_parentheses_in_its_name_is_read_too() {
    let stat = "7 (a) b (c d) R 1 1 1 0 -1 0 0 0 0 0 3 4 0 0 20 0 1 0 1 1 1";
    assert_eq!(cpu_us(stat), Some(70_000));
}

#[test]
fn a_line_that_is_cut_off_gives_nothing() {
    assert_eq!(cpu_us("7 (x) R 1 1 1 0 -1 0 0 0 0 0 3"), None);
    assert_eq!(cpu_us(""), None);
}

#[test]
fn memory_is_read_by_the_whole_name_of_its_field() {
    let status = "Name:\tx\nVmRSSx:\t1 kB\nVmHWM:\t    9 kB\nVmRSS:\t   1234 kB\n";
    assert_eq!(kib(status, "VmRSS"), Some(1_234));
    assert_eq!(kib("Name:\tx\n", "VmRSS"), None);
}

#[test]
fn the_soft_limit_is_the_first_number() {
    let limits = "Limit   Soft Limit  Hard Limit  Units\nMax open files   1024   4096   files\nMax locked memory unlimited unlimited bytes\n";
    assert_eq!(soft_limit(limits, "Max open files"), Some(1_024));
    assert_eq!(soft_limit(limits, "Max locked memory"), Some(u64::MAX));
    assert_eq!(soft_limit(limits, "Max processes"), None);
}

#[test]
fn this_very_process_uses_memory() {
    let usage = usage(std::process::id()).unwrap();
    assert!(usage.rss_kib > 100);
}

#[test]
fn a_process_that_is_not_there_is_said_to_be_gone() {
    // Above the kernel's largest process number.
    let error = usage(u32::MAX).unwrap_err();
    assert!(format!("{error:#}").contains("is gone"));
}
