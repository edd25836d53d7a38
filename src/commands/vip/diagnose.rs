//! `vip diagnose`: looks at all control planes at once, and at the VIP from here.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::nodes;
use crate::checks::vip::{self, Place, Seen, VipFacts};
use crate::checks::{Diagnosis, Subject};
use crate::commands::flow;
use crate::failure::Result;
use crate::output::Console;
use crate::plan::vip::{Member, Vip};
use crate::settings::{VipDiagnoseSettings, VipSettings};
use crate::verify::tls::{self, Certificate};

const COMMAND: &str = "vip diagnose";
/// One look from here.
const LOOK: Duration = Duration::from_secs(5);

pub async fn run(settings: &VipDiagnoseSettings, console: &Console) -> Diagnosis {
    let since = Instant::now();
    let looked = flow::limited(COMMAND, &settings.common.run, look(&settings.common, console)).await;
    let (place, findings, conclusion, error) = match looked.and_then(|looked| looked) {
        Ok(facts) => (Place::of(&facts), vip::run(&facts), Some(vip::conclude(&facts)), None),
        Err(failure) => (Place { vip: settings.common.vip, nodes: Vec::new() }, Vec::new(), None, Some(failure)),
    };
    let subject = Subject::Vip(place);
    let (strict, detail) = (settings.strict, settings.detail);
    Diagnosis { command: COMMAND, subject, findings, conclusion, repair: None, took: since.elapsed(), strict, detail, error }
}

async fn look(settings: &VipSettings, console: &Console) -> Result<VipFacts> {
    let addresses = nodes::named(settings, console).await?;
    let step = console.step(format!("look at {} control planes and the VIP", addresses.len()));
    let vip = settings.vip;
    let (nodes, from_here) = tokio::join!(join_all(addresses.iter().map(|ip| seen(settings, *ip))), handshake(vip));
    let mut facts = VipFacts { vip, said: settings.said.clone(), nodes, from_here, balanced_from_here: None };
    // Its port is known from the nodes.
    if let Some(port) = facts.balancer() {
        facts.balanced_from_here = Some(handshake(Vip { port, ..vip }).await);
    }
    step.done();
    Ok(facts)
}

async fn seen(settings: &VipSettings, address: Ipv4Addr) -> Seen {
    let read = async {
        let node = nodes::connect(settings, address).await?;
        let state = node.control_plane(address, settings.vip).await;
        node.close().await;
        Ok(Member { address, state: state? })
    };
    let (member, from_here) = tokio::join!(read, handshake(Vip { address, ..settings.vip }));
    Seen { address, member, from_here }
}

async fn handshake(at: Vip) -> Result<Certificate> {
    tls::certificate(SocketAddr::from((at.address, at.port)), "kubernetes", LOOK).await
}
