//! Control planes that share an address: how one is read and changed over SSH.

mod apply;
mod parse;

use std::net::Ipv4Addr;
use std::time::Duration;

use super::step::{self, StepEvent};
use super::{Node, apply as steps, lock::Look, probe};
use crate::failure::Result;
use crate::plan::vip::{ControlPlane, Vip, VipChange};

const SCRIPT: &str = include_str!("probe.sh");

fn script(own: Ipv4Addr, vip: Vip) -> String {
    format!("{}\n{SCRIPT}\nvip {own} {} {} </dev/null\n", probe::SCRIPT, vip.address, vip.port)
}

impl Node {
    /// Reads a control plane. Changes nothing.
    ///
    /// # Errors
    /// It doesn't answer, or not to the end.
    pub async fn control_plane(&self, own: Ipv4Addr, vip: Vip) -> Result<ControlPlane> {
        let finished = self.connection.run(&script(own, vip), super::PROBE, |_| {}).await?;
        finished.read(parse::parse)
    }

    /// No other run works on it until this one lets it go.
    ///
    /// # Errors
    /// After `wait` another run has it still.
    pub async fn lock_control_plane(
        &mut self,
        wait: Duration,
        own: Ipv4Addr,
        vip: Vip,
        on_wait: impl FnOnce(&str),
    ) -> Result<ControlPlane> {
        let look = Look { script: &script(own, vip), limit: super::PROBE };
        let (seen, _) = self.take(wait, &look, on_wait).await?;
        parse::parse(&seen)
    }

    /// Applies changes of this control plane in order, in one script.
    ///
    /// # Errors
    /// The first that fails; those before it are done.
    pub async fn apply_to_control_plane(&self, changes: &[VipChange], on_step: impl FnMut(StepEvent)) -> Result<()> {
        self.still_ours().await?;
        let fragments: Vec<_> = changes.iter().map(apply::fragment).collect();
        let describe = |index: usize| changes.get(index).map(VipChange::summary);
        step::run(&self.connection, &steps::unwatched(&fragments), &describe, on_step).await
    }
}
