//! HAProxy before the gateways, in plain round robin: no cookie, no affinity, the hardest case.

use confab_testkit::eventually;

use crate::cluster::Cluster;
use crate::process::Process;

/// A running balancer.
pub struct Balancer {
    /// Where clients connect.
    pub url: String,
    _process: Process,
}

impl Balancer {
    /// Starts HAProxy before all gateways of a cluster.
    ///
    /// # Panics
    /// If HAProxy is not installed or does not start.
    pub async fn before(cluster: &mut Cluster) -> Self {
        let port = cluster.port();
        let urls: Vec<_> = cluster
            .gateways
            .iter()
            .map(|gateway| gateway.url.as_str())
            .collect();
        Self::over(port, &urls).await
    }

    /// Starts HAProxy on a port, before the gateways at `urls`.
    ///
    /// # Panics
    /// If HAProxy is not installed or does not start.
    pub async fn over(port: u16, urls: &[&str]) -> Self {
        let servers: String = urls
            .iter()
            .enumerate()
            .map(|(number, url)| {
                let address = url.trim_start_matches("http://");
                format!("  server gateway{number} {address}\n")
            })
            .collect();
        let config = format!(
            "global\n  maxconn 4000\n\
             defaults\n  mode http\n  timeout connect 1s\n  timeout client 60s\n  timeout server 60s\n  \
             timeout tunnel 1h\n  option redispatch\n  option forwardfor\n\
             frontend public\n  bind 127.0.0.1:{port}\n  default_backend gateways\n\
             backend gateways\n  balance roundrobin\n{servers}"
        );
        let path = crate::process::folder().join(format!("haproxy-{port}.cfg"));
        std::fs::write(&path, config).unwrap();
        let arguments = ["-db", "-f", path.to_str().unwrap()];
        let program = which("haproxy");
        let mut process = Process::start("haproxy", &program, &arguments, &[]);
        let url = format!("http://127.0.0.1:{port}");
        eventually("the balancer serves", async || {
            assert!(process.runs(), "haproxy has ended: {}", process.log());
            reqwest::get(&url)
                .await
                .ok()
                .filter(|answer| answer.status().is_success())
                .map(drop)
        })
        .await;
        Self {
            url,
            _process: process,
        }
    }
}

fn which(program: &str) -> std::path::PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        // Debian installs it where a user's PATH may not reach.
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{program} is not installed: `apt-get install {program}`"))
}
