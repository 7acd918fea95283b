//! A whole cluster on this machine: stores, backends, gateways, and the files that describe it.

use crate::checkout::{Checkout, Profile};
use crate::cluster::{Cluster, ClusterFile, Pids};
use crate::command;
use crate::identity::Identity;
use crate::launch::{Candidate, Launch};
use crate::ports::{Ports, Shape, check_free};
use crate::process::{Lifetime, Spec};
use crate::ready::ready;
use crate::record::{Claim, Record};
use crate::services::{PACKAGES, Plan, Service};
use crate::store::{Place, Stores};
use anyhow::Result;
use std::path::PathBuf;

/// What is wanted.
pub struct Setup<'a> {
    pub checkout: &'a Checkout,
    pub data: PathBuf,
    pub ports: Ports,
    pub shape: Shape,
    pub profile: Profile,
    pub lifetime: Lifetime,
    /// Given to every service.
    pub environment: Vec<(String, String)>,
    /// Where `cluster.json` goes.
    pub file: PathBuf,
}

/// What runs. Dropping it removes the file, stops the processes and gives the folder back, in the
/// order of the fields.
pub struct Local {
    pub cluster: Cluster,
    file: ClusterFile,
    launch: Launch,
    claim: Claim,
}

impl Setup<'_> {
    pub fn start(&self) -> Result<Local> {
        let claim = Claim::take(&self.data)?;
        println!("==> stores");
        let tools = self.checkout.tools()?;
        let stores = Stores::find(&Place {
            tools: &tools,
            data: &self.data,
            redis_port: self.ports.redis(),
            mongo_port: self.ports.mongo(),
        })?;
        // Before the build, which may take minutes.
        check_free(&[self.ports.needs(self.shape), stores.needs()].concat())?;
        self.build()?;
        self.launch(claim, stores)
    }

    fn build(&self) -> Result<()> {
        println!("==> services");
        let mut cargo = self.checkout.cargo();
        cargo.arg("build").args(self.profile.flags());
        for package in PACKAGES {
            cargo.args(["--package", package]);
        }
        command::run(&mut cargo)
    }

    fn launch(&self, claim: Claim, stores: Stores) -> Result<Local> {
        println!("==> start");
        let mut launch = Launch::new(self.lifetime);
        let endpoints = stores.start(&mut launch)?;
        self.record(&claim, &launch)?;
        let media = self.data.join("media");
        let plan = Plan {
            ports: self.ports,
            shape: self.shape,
            redis: &endpoints[0].url,
            mongo: &endpoints[1].url,
            media: &media.to_string_lossy(),
            extra: &self.environment,
        };
        let backends = self.wave(&mut launch, plan.backends())?;
        self.record(&claim, &launch)?;
        let gateways = self.wave(&mut launch, plan.gateways())?;
        self.record(&claim, &launch)?;
        let pids = Pids {
            backends: &backends,
            gateways: &gateways,
        };
        let cluster = Cluster::describe(self.ports, self.shape, &pids, endpoints);
        let file = ClusterFile::write(&self.file, &cluster)?;
        Ok(Local {
            cluster,
            file,
            launch,
            claim,
        })
    }

    fn wave(&self, launch: &mut Launch, services: Vec<Service>) -> Result<Vec<u32>> {
        launch.wave(
            services
                .into_iter()
                .map(|service| self.candidate(service))
                .collect(),
        )
    }

    fn candidate(&self, service: Service) -> Candidate {
        let Service {
            name,
            binary,
            environment,
            admin_port,
        } = service;
        let program = self.checkout.binaries(self.profile).join(binary);
        let log = self.logs().join(format!("{name}.log"));
        Candidate {
            spec: Spec {
                name,
                program,
                arguments: Vec::new(),
                environment,
                log,
            },
            ready: Box::new(move || ready(admin_port)),
        }
    }

    fn record(&self, claim: &Claim, launch: &Launch) -> Result<()> {
        let supervisor = match launch.lifetime() {
            Lifetime::WithUs => Identity::of(std::process::id()),
            Lifetime::Detached => None,
        };
        let cluster = Some(self.file.clone());
        claim.write(&Record {
            supervisor,
            cluster,
            waves: launch.entries(),
        })
    }

    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }
}

impl Local {
    /// An error if somebody asked to stop, or a process has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        self.launch.check()
    }

    pub fn file(&self) -> &std::path::Path {
        self.file.path()
    }

    /// Leaves everything running.
    pub fn release(self) {
        self.file.keep();
        self.launch.release();
        self.claim.keep_record();
    }
}
