//! What goes wrong: which fault, to whom, for how long; drawn from a seed.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

/// What is done to a process or to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// `kill -9`, and a new start after the time.
    Kill,
    /// SIGTERM, and a new start when it has ended.
    Restart,
    /// SIGSTOP, and SIGCONT after the time: it is there, holds its connections and says nothing.
    Freeze,
    /// Every connection breaks, and none is let through until the time is over.
    Cut,
    /// Nothing goes through the connections of now any more, and nobody is told; new ones are let through.
    Silence,
}

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// One of the processes, by its place in the list.
    Process(usize),
    /// A line from a process to others, by its place in the list.
    Line(usize),
}

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub target: Target,
    pub harm: Harm,
    pub time: Duration,
    /// How long all is well before.
    pub pause: Duration,
}

/// Draws faults without end.
pub struct Faults {
    random: StdRng,
    kinds: Vec<&'static str>,
    lines: usize,
}

impl Faults {
    /// Faults for processes of these kinds and so many lines.
    pub fn new(seed: u64, kinds: Vec<&'static str>, lines: usize) -> Self {
        Self {
            random: StdRng::seed_from_u64(seed),
            kinds,
            lines,
        }
    }

    /// The next fault. Each kind of process is as likely as any other, however many replicas it has.
    pub fn draw(&mut self) -> Fault {
        let mut different = self.kinds.clone();
        different.sort_unstable();
        different.dedup();
        let line = self.lines > 0 && self.random.random_ratio(1, 4);
        let (target, harm) = if line {
            let harm = [Harm::Cut, Harm::Silence][self.random.random_range(0..2)];
            (Target::Line(self.random.random_range(0..self.lines)), harm)
        } else {
            let kind = different
                .choose(&mut self.random)
                .copied()
                .unwrap_or_default();
            let places = (0..self.kinds.len()).filter(|place| self.kinds[*place] == kind);
            let places: Vec<usize> = places.collect();
            let place = places.choose(&mut self.random).copied().unwrap_or_default();
            let harms = [Harm::Kill, Harm::Kill, Harm::Restart, Harm::Freeze];
            let harm = harms
                .choose(&mut self.random)
                .copied()
                .unwrap_or(Harm::Kill);
            (Target::Process(place), harm)
        };
        Fault {
            target,
            harm,
            time: Duration::from_millis(self.random.random_range(200..4_000)),
            pause: Duration::from_millis(self.random.random_range(200..2_000)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults, Harm, Target};

    fn some(seed: u64) -> Vec<Fault> {
        let kinds = vec!["gateway", "gateway", "gateway", "redis"];
        let mut faults = Faults::new(seed, kinds, 3);
        (0..400).map(|_| faults.draw()).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        assert_eq!(some(7), some(7));
        assert_ne!(some(7), some(8));
    }

    #[test]
    fn a_kind_with_one_replica_is_hit_as_often_as_one_with_three() {
        let hit = |wanted: fn(Target) -> bool| {
            let faults = some(1).into_iter();
            faults.filter(|fault| wanted(fault.target)).count()
        };
        let redis = hit(|target| target == Target::Process(3));
        let gateways = hit(|target| matches!(target, Target::Process(0..=2)));
        assert!(redis.abs_diff(gateways) < 80, "{redis} and {gateways}");
    }

    #[test]
    fn everything_that_can_go_wrong_goes_wrong() {
        let harms = [Harm::Kill, Harm::Restart, Harm::Freeze];
        for harm in harms.into_iter().chain([Harm::Cut, Harm::Silence]) {
            assert!(some(1).iter().any(|fault| fault.harm == harm), "{harm:?}");
        }
    }
}
