//! What a command ends with, in each of the formats.

use super::{diagnosis, json, picture, text};
use crate::checks::Diagnosis;
use crate::commands::diagnose::Diagnosed;
use crate::failure::Failure;
use crate::picture::Picture;
use crate::report::Report;

pub trait Answer {
    fn text(&self, paint: text::Paint) -> String;
    /// Exactly one document.
    fn json(&self) -> String;
    fn error(&self) -> Option<&Failure>;
    /// `pending_counts` is `--exit-code`.
    fn exit_code(&self, pending_counts: bool) -> u8;
}

impl Answer for Report {
    fn text(&self, paint: text::Paint) -> String {
        text::report(self, paint)
    }

    fn json(&self) -> String {
        json::report(self)
    }

    fn error(&self) -> Option<&Failure> {
        self.error.as_ref()
    }

    fn exit_code(&self, pending_counts: bool) -> u8 {
        Report::exit_code(self, pending_counts)
    }
}

impl Answer for Diagnosis {
    fn text(&self, paint: text::Paint) -> String {
        diagnosis::text(self, paint)
    }

    fn json(&self) -> String {
        diagnosis::json(self)
    }

    fn error(&self) -> Option<&Failure> {
        self.error.as_ref()
    }

    fn exit_code(&self, _: bool) -> u8 {
        Diagnosis::exit_code(self)
    }
}

impl Answer for Diagnosed {
    fn text(&self, paint: text::Paint) -> String {
        self.inner().text(paint)
    }

    fn json(&self) -> String {
        self.inner().json()
    }

    fn error(&self) -> Option<&Failure> {
        self.inner().error()
    }

    fn exit_code(&self, pending_counts: bool) -> u8 {
        self.inner().exit_code(pending_counts)
    }
}

impl Diagnosed {
    fn inner(&self) -> &dyn Answer {
        match self {
            Self::Diagnosis(diagnosis) => diagnosis.as_ref(),
            Self::Repair(report) => report.as_ref(),
        }
    }
}

impl Answer for Picture {
    fn text(&self, paint: text::Paint) -> String {
        picture::text(self, paint)
    }

    fn json(&self) -> String {
        picture::json(self)
    }

    fn error(&self) -> Option<&Failure> {
        self.error.as_ref()
    }

    fn exit_code(&self, _: bool) -> u8 {
        self.error.as_ref().map_or(0, |error| error.kind.exit_code())
    }
}
