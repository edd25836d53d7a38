//! What is being waited for, and since when: spinners at a terminal, plain lines elsewhere.

use std::cell::RefCell;
use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::text::Paint;

#[derive(Debug)]
pub struct Progress {
    bars: Option<MultiProgress>,
    quiet: bool,
}

/// A running step. Dropped without a word, it counts as given up.
#[derive(Debug)]
pub struct Step {
    bars: Option<(MultiProgress, ProgressBar)>,
    quiet: bool,
    what: String,
    since: Instant,
    ended: bool,
    told: RefCell<String>,
}

impl Progress {
    pub fn new(attended: bool, quiet: bool) -> Self {
        Self { bars: attended.then(MultiProgress::new), quiet }
    }

    pub fn step(&self, what: String) -> Step {
        let bars = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new_spinner());
            if let Ok(style) = ProgressStyle::with_template("  {spinner} {msg} {elapsed:.dim}") {
                bar.set_style(style);
            }
            bar.set_message(what.clone());
            bar.enable_steady_tick(Duration::from_millis(120));
            (bars.clone(), bar)
        });
        Step { bars, quiet: self.quiet, what, since: Instant::now(), ended: false, told: RefCell::default() }
    }

    /// Runs `print` while no spinner is on the screen.
    pub fn suspend(&self, print: impl FnOnce()) {
        match &self.bars {
            Some(bars) => bars.suspend(print),
            None => print(),
        }
    }
}

impl Step {
    /// What the step waits for at the moment.
    pub fn update(&self, detail: &str) {
        if let Some((_, bar)) = &self.bars {
            bar.set_message(format!("{} ({detail})", self.what));
        }
    }

    /// The same for what is worth a line of its own where there is no spinner, each time that it changes.
    pub fn tell(&self, detail: &str) {
        self.update(detail);
        if self.told.replace(detail.to_owned()) != detail && self.bars.is_none() && !self.quiet {
            line(&format!("  ...    {}: {detail}\n", self.what));
        }
    }

    pub fn done(self) {
        let what = self.what.clone();
        self.end(true, &what);
    }

    /// Done or failed.
    pub fn ended(self, well: bool) {
        if well {
            self.done();
        } else {
            self.failed();
        }
    }

    pub fn done_as(self, what: &str) {
        self.end(true, what);
    }

    /// Without a word when it didn't come to an end.
    pub fn done_if(self, ended: bool) {
        if ended {
            self.done();
        }
    }

    pub fn failed(self) {
        let what = self.what.clone();
        self.end(false, &what);
    }

    fn end(mut self, ok: bool, what: &str) {
        self.ended = true;
        let seconds = self.since.elapsed().as_secs_f64();
        let took = if seconds < 0.1 { String::new() } else { format!(" ({seconds:.1} s)") };
        match &self.bars {
            Some((bars, bar)) => {
                bar.finish_and_clear();
                let sign = if ok { console::style("✓").green() } else { console::style("✗").red() }.for_stderr();
                // MultiProgress::println would be silent when stderr isn't what it thinks it is.
                bars.suspend(|| line(&Paint::stderr().hang(&format!("  {sign} "), &format!("{what}{took}"))));
            }
            None if self.quiet => {}
            None => line(&format!("  {} {what}{took}\n", if ok { "done  " } else { "failed" })),
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let (false, Some((_, bar))) = (self.ended, &self.bars) {
            bar.finish_and_clear();
        }
    }
}

fn line(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
