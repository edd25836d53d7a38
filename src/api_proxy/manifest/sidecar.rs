//! What is put into a manifest, as YAML with a comment for each thing.

use crate::api_proxy::Identity;

pub const NAME: &str = "k8sport-api-proxy";
pub const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const SHARE: &str = "k8sport-api-proxy-share";
const STATE: &str = "k8sport-api-proxy-state";
const ROOT_CA: &str = "k8sport-api-proxy-cluster";

/// The variables that lead a client to the API server.
pub const VARIABLES: [&str; 4] = ["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "KUBERNETES_SERVICE_PORT_HTTPS", "KUBERNETES_PORT"];

/// The proxy's container.
#[derive(Debug, Clone)]
pub struct Sidecar {
    pub image: String,
    pub port: u16,
    /// It isn't the usual one.
    pub port_chosen: bool,
    pub metrics_port: u16,
    pub identity: Identity,
}

impl Sidecar {
    pub fn container(&self, token: bool) -> String {
        let Self { image, port, metrics_port, .. } = self;
        let identity = match self.identity {
            Identity::ServiceAccount => {
                "  # Every request goes as the pod's service account, whatever its container has\n  - --identity=service-account\n"
            }
            _ => "  # Each request goes with the credentials that its container sends\n  - --identity=caller\n",
        };
        let cluster = if token {
            String::new()
        } else {
            format!(
                "  # The pod has no token; the proxy needs the cluster's authorities all the same\n  - name: {ROOT_CA}\n    mountPath: {SERVICE_ACCOUNT}\n    readOnly: true\n"
            )
        };
        format!(
            "- name: {NAME}
  image: {image}
  # A native sidecar: it is up before the other containers start, and ends after them
  restartPolicy: Always
  command:
  - k8sport
  - api-proxy
  # To the API server of this container's own KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT
  - --in-pod
{identity}  # On 127.0.0.1 and [::1], so for this pod alone
  - --listen-port={port}
  # For the kubelet and Prometheus, on the pod's address: /healthz, /readyz, /metrics
  - --metrics-port={metrics_port}
  # A folder as that of the service account, whose ca.crt has the proxy's authority, too
  - --share-dir=/run/k8sport/share
  # The authority's key, so that a restart of this container changes nothing for the others
  - --state-dir=/run/k8sport/state
  # A line of JSON for each request in this container's log
  - --access-log=-
  env:
  # Where they are the same, the pod is on the node's network, and the proxy refuses the usual port
  - name: K8SPORT_POD_IP
    valueFrom:
      fieldRef:
        fieldPath: status.podIP
  - name: K8SPORT_HOST_IP
    valueFrom:
      fieldRef:
        fieldPath: status.hostIP
  ports:
  - name: proxy-metrics
    containerPort: {metrics_port}
  # The other containers start once the proxy has a connection to the API server
  startupProbe:
    httpGet:
      path: /readyz
      port: {metrics_port}
    periodSeconds: 1
    failureThreshold: 120
  # And it is started again when it hangs. It has no readiness probe: an API server that
  # is away for a while is no reason to take traffic from the application
  livenessProbe:
    httpGet:
      path: /healthz
      port: {metrics_port}
    periodSeconds: 20
    timeoutSeconds: 5
  # What it needs, measured with a few watches
  resources:
    requests:
      cpu: 10m
      memory: 32Mi
  # It needs no right on the node and writes only into its two volumes
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    allowPrivilegeEscalation: false
    readOnlyRootFilesystem: true
    capabilities:
      drop:
      - ALL
  volumeMounts:
  - name: {SHARE}
    mountPath: /run/k8sport/share
  # In this container alone
  - name: {STATE}
    mountPath: /run/k8sport/state
{cluster}"
        )
    }

    /// For every container but the proxy's own, which would connect to itself.
    pub fn variables(&self) -> String {
        let port = self.port;
        format!(
            "# The proxy in this pod in place of the API server; clients read one or the other of these
- name: KUBERNETES_SERVICE_HOST
  value: 127.0.0.1
- name: KUBERNETES_SERVICE_PORT
  value: \"{port}\"
- name: KUBERNETES_SERVICE_PORT_HTTPS
  value: \"{port}\"
- name: KUBERNETES_PORT
  value: tcp://127.0.0.1:{port}
"
        )
    }

    pub fn mount() -> String {
        format!(
            "# Where clients look for token and ca.crt; in place of the volume that Kubernetes mounts there by itself
- name: {SHARE}
  mountPath: {SERVICE_ACCOUNT}
  readOnly: true
"
        )
    }

    pub fn volumes(token: bool) -> String {
        let cluster = if token {
            String::new()
        } else {
            format!(
                "# The cluster's authorities without a token\n- name: {ROOT_CA}\n  projected:\n    sources:\n    - configMap:\n        name: kube-root-ca.crt\n        items:\n        - key: ca.crt\n          path: ca.crt\n"
            )
        };
        format!(
            "# Both in memory and gone with the pod
- name: {SHARE}
  emptyDir:
    medium: Memory
- name: {STATE}
  emptyDir:
    medium: Memory
{cluster}"
        )
    }
}
