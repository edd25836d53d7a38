//! How far a rollout is, and what holds it up: pure functions over what the API server says.

mod judge;
mod obstacle;
#[cfg(test)]
mod tests;

pub use judge::judge;

/// A Deployment with the ReplicaSets and pods that it has made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollout {
    /// Whether the Deployment's controller has seen the Deployment as it is.
    pub observed: bool,
    pub paused: bool,
    pub wanted: i32,
    pub replicas: i32,
    pub updated: i32,
    pub available: i32,
    /// The Deployment's own `progressDeadlineSeconds` is over.
    pub out_of_time: Option<String>,
    /// Why pods can't even be created: a quota, an admission webhook.
    pub no_pods: Option<String>,
    /// Pods of the ReplicaSet that is rolled out.
    pub pods: Vec<Pod>,
    /// Pods of earlier ReplicaSets that serve.
    pub earlier_available: i32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pod {
    pub name: String,
    /// Why no node takes it.
    pub unschedulable: Option<String>,
    /// Why the node has thrown it out.
    pub evicted: Option<String>,
    pub containers: Vec<Container>,
    /// The newest warning among its events.
    pub warning: Option<Warning>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Container {
    pub name: String,
    pub ready: bool,
    /// Reason and message: `ImagePullBackOff`, `Back-off pulling image …`
    pub waiting: Option<(String, String)>,
    pub running: bool,
    /// How it ended the last time.
    pub ended: Option<Ended>,
    pub restarts: i32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    pub code: i32,
    /// `Error`, `OOMKilled`
    pub reason: String,
    /// What the runtime or the container itself has left.
    pub message: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Warning {
    /// `Unhealthy`, `FailedMount`
    pub reason: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    Complete,
    /// Nothing is wrong so far; what it waits for.
    Going(String),
    /// Something is in the way.
    Held(Obstacle),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    pub kind: ObstacleKind,
    /// What is wrong, in a sentence.
    pub what: String,
    /// In the words of whoever reported it.
    pub because: String,
    /// The pod and container it is about.
    pub pod: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObstacleKind {
    ImagePull,
    CrashLoop,
    /// Something that the container needs isn't there: a Secret, a ConfigMap, a volume.
    Configuration,
    NotReady,
    Unschedulable,
    Evicted,
    NoPods,
    Paused,
    OutOfTime,
}

impl ObstacleKind {
    /// Waiting alone doesn't help against it. A probe that fails may be an application that starts slowly.
    pub fn is_stubborn(self) -> bool {
        self != Self::NotReady
    }

    /// The Deployment's controller has given up, or nobody works on it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::OutOfTime | Self::Paused)
    }
}
