//! What each process spent on each message.

#[cfg(test)]
mod tests;

use crate::cluster::Process;
use crate::procfs::Usage;
use serde::Serialize;

/// What was done meanwhile.
#[derive(Clone, Copy)]
pub struct Work {
    pub seconds: f64,
    pub acked: u64,
    pub delivered: u64,
}

/// One process, or all of one kind together.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    pub name: String,
    /// None for several together.
    pub pid: Option<u32>,
    /// Of one core, 1.0 being all of it.
    pub cores: f64,
    pub us_per_acked: f64,
    pub us_per_delivered: f64,
    pub rss_before_kib: u64,
    pub rss_after_kib: u64,
}

/// The costs of each process; where there are several of a kind, of all of them too; and of the whole
/// cluster without the generator.
pub fn costs(processes: &[Process], before: &[Usage], after: &[Usage], work: Work) -> Vec<Cost> {
    let spent: Vec<(&Process, Usage, Usage)> = processes
        .iter()
        .zip(before)
        .zip(after)
        .map(|((process, before), after)| (process, *before, *after))
        .collect();
    let mut costs = Vec::new();
    for kind in spent.chunk_by(|(one, ..), (other, ..)| one.kind == other.kind) {
        for (process, before, after) in kind {
            let cost = cost(process.name.clone(), &[(*before, *after)], work);
            costs.push(Cost {
                pid: Some(process.pid),
                ..cost
            });
        }
        if let [(process, ..), _, ..] = kind {
            costs.push(sum(format!("all {}s", process.kind), kind, work));
        }
    }
    let cluster: Vec<_> = spent
        .into_iter()
        .filter(|(process, ..)| process.kind != "generator")
        .collect();
    costs.push(sum("cluster".to_owned(), &cluster, work));
    costs
}

/// What the machine spent on processes that are not among the costs, in cores.
pub fn other_cores(machine_us: u64, costs: &[Cost], work: Work) -> f64 {
    let single = costs.iter().filter(|cost| cost.pid.is_some());
    let ours: f64 = single.map(|cost| cost.cores).sum();
    // The kernel's two books are not closed at the same instant.
    (machine_us as f64 / 1e6 / work.seconds - ours).max(0.0)
}

fn sum(name: String, spent: &[(&Process, Usage, Usage)], work: Work) -> Cost {
    let usages: Vec<_> = spent
        .iter()
        .map(|(_, before, after)| (*before, *after))
        .collect();
    cost(name, &usages, work)
}

fn cost(name: String, usages: &[(Usage, Usage)], work: Work) -> Cost {
    let cpu_us: u64 = usages
        .iter()
        .map(|(before, after)| after.cpu_us.saturating_sub(before.cpu_us))
        .sum();
    let per = |count: u64| cpu_us as f64 / count.max(1) as f64;
    Cost {
        name,
        pid: None,
        cores: cpu_us as f64 / 1e6 / work.seconds,
        us_per_acked: per(work.acked),
        us_per_delivered: per(work.delivered),
        rss_before_kib: usages.iter().map(|(before, _)| before.rss_kib).sum(),
        rss_after_kib: usages.iter().map(|(_, after)| after.rss_kib).sum(),
    }
}
