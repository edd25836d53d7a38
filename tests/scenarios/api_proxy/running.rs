//! A proxy that runs as the operator, and clients of it.

use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use crate::ended::Ended;
use crate::support::Lab;

/// It is told to end when it is dropped.
pub struct Running<'a> {
    pub lab: &'a Lab,
    child: Option<Child>,
    pid: String,
    pub kubeconfig: PathBuf,
}

impl<'a> Running<'a> {
    /// With a kubeconfig for it in a file.
    pub fn start(lab: &'a Lab, arguments: &[&str]) -> Self {
        let kubeconfig = lab.home().join("proxy.kubeconfig");
        let _ = std::fs::remove_file(&kubeconfig);
        let file = kubeconfig.display().to_string();
        let running = Self::start_with(lab, &[], &[arguments, &["--write-kubeconfig", &file]].concat());
        running.until("a kubeconfig", |running| running.kubeconfig.is_file());
        running
    }

    pub fn start_with(lab: &'a Lab, environment: &[&str], arguments: &[&str]) -> Self {
        let (home, note) = (lab.home(), r#"echo $$ >"$0"; exec "$@""#);
        let pid = home.join("proxy.pid");
        let _ = std::fs::remove_file(&pid);
        let file = pid.display().to_string();
        let command = [&["sh", "-c", note, &file, "env"], environment, &[env!("CARGO_BIN_EXE_k8sport"), "api-proxy"], arguments].concat();
        let child = Some(lab.start(&command));
        let mut running = Self { lab, child, pid: String::new(), kubeconfig: home.join("proxy.kubeconfig") };
        running.until("a process", |_| std::fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n')));
        running.pid = std::fs::read_to_string(&pid).expect("a file").trim().to_owned();
        running.until("an answer of /healthz", |running| running.second("/healthz") == "ok\n");
        running
    }

    #[track_caller]
    pub fn until(&self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !done(self) {
            assert!(begun.elapsed() < Duration::from_secs(90), "{what} did not come");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// What the second port says.
    pub fn second(&self, path: &str) -> String {
        self.lab.operator(&["curl", "-s", "-m", "20", &format!("http://127.0.0.1:6444{path}")]).stdout
    }

    /// The value of a metric.
    pub fn metric(&self, name: &str) -> f64 {
        let text = self.second("/metrics");
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0.0)
    }

    pub fn kubectl(&self, arguments: &[&str]) -> Ended {
        let file = self.kubeconfig.display().to_string();
        self.lab.operator(&[&["timeout", "60", &kubectl(), "--kubeconfig", &file], arguments].concat())
    }

    /// A token and a file with the authority, from the kubeconfig.
    pub fn credentials(&self) -> (String, String) {
        let get = |path: &str| self.kubectl(&["config", "view", "--raw", "-o", &format!("jsonpath={{{path}}}")]).expect(0).stdout;
        let authority = self.lab.home().join("proxy-ca.pem").display().to_string();
        let encoded = get(".clusters[0].cluster.certificate-authority-data");
        self.lab.operator(&["sh", "-c", &format!("echo {encoded} | base64 -d >{authority}")]).expect(0);
        (get(".users[0].user.token"), authority)
    }

    pub fn python(&self, script: &str, arguments: &[&str]) -> Ended {
        self.lab.operator(&[&["python3", "-B", "-c", script], arguments].concat())
    }

    /// With the clients of tests/lab/clients.txt.
    pub fn client(&self, script: &str, arguments: &[&str]) -> Ended {
        self.lab.operator(&[&["timeout", "120", &clients_python(), "-B", "-c", script], arguments].concat())
    }

    pub fn signal(&self, signal: &str) {
        self.lab.operator(&["kill", &format!("-{signal}"), &self.pid]);
    }

    /// Ends it, and says how.
    pub fn end(mut self) -> Ended {
        self.signal("TERM");
        Ended::of(self.child.take().expect("a process").wait_with_output().expect("an end"))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            self.signal("KILL");
            let _ = child.wait();
        }
    }
}

fn caches() -> String {
    std::env::var("LAB_CACHE").unwrap_or_else(|_| format!("{}/.cache/k8sport", std::env::var("HOME").unwrap_or_default()))
}

pub fn clients_python() -> String {
    format!("{}/clients-venv/bin/python", caches())
}

pub fn kubectl() -> String {
    let named = std::env::var("KUBEBUILDER_ASSETS").unwrap_or_else(|_| format!("{}/kubernetes-1.20", caches()));
    format!("{named}/kubectl")
}
