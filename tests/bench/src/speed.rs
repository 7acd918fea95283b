//! How fast the machine's cores are right now: the same virtual machine can be half as fast an hour
//! later, with nothing in it to show why.

#[cfg(test)]
mod tests;

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for the cores to reach their clock, short enough to be done before and after each run.
const TIME: Duration = Duration::from_millis(300);
/// Rounds between two looks at the clock.
const ROUNDS: u32 = 10_000;

/// Rounds of a fixed calculation per microsecond, on each core while all are busy, as they will be.
pub fn rounds_per_us() -> f64 {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let cores: Vec<_> = (0..cores).map(|_| scope.spawn(one_core)).collect();
        let count = cores.len() as f64;
        let speeds = cores
            .into_iter()
            .map(|core| core.join().expect("arithmetic does not panic"));
        speeds.sum::<f64>() / count
    })
}

fn one_core() -> f64 {
    let began = Instant::now();
    let (mut state, mut rounds) = (black_box(1_u64), 0_u64);
    while began.elapsed() < TIME {
        for _ in 0..ROUNDS {
            state = round(state);
        }
        rounds += u64::from(ROUNDS);
    }
    black_box(state);
    rounds as f64 / began.elapsed().as_secs_f64() / 1e6
}

/// A chain of multiplications and shifts, each waiting for the one before (the finaliser of MurmurHash3).
const fn round(mut state: u64) -> u64 {
    state ^= state >> 33;
    state = state.wrapping_mul(0xff51_afd7_ed55_8ccd);
    state ^= state >> 33;
    state = state.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    state ^ (state >> 33)
}
