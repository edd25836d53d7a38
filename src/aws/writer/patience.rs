//! Pauses between attempts that grow and are not in step with anybody else's.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(8);

/// How long to go on trying.
#[derive(Debug)]
pub(super) struct Patience {
    started: Instant,
    budget: Duration,
    pause: Duration,
}

impl Patience {
    pub(super) fn new(budget: Duration) -> Self {
        Self { started: Instant::now(), budget, pause: FIRST }
    }

    /// Sleeps before the next attempt; false, at once, when that would be over the budget.
    pub(super) async fn wait(&mut self) -> bool {
        let pause = self.pause.mul_f64(0.5 + fastrand::f64() / 2.0);
        if self.started.elapsed() + pause > self.budget {
            return false;
        }
        tokio::time::sleep(pause).await;
        self.pause = (self.pause * 2).min(LONGEST);
        true
    }
}
