"""A release as helm keeps it: a Secret for each revision, with its state in a label."""

import datetime

import cluster_api


class Error(Exception):
    """What helm prints after `Error: ` on standard error, with exit code 1."""


class Release:
    def __init__(self, name, namespace):
        self.name, self.namespace = name, namespace
        self.secrets = f"/api/v1/namespaces/{namespace}/secrets"
        self.revision = 0

    def last(self):
        found = cluster_api.find(f"{self.secrets}?labelSelector=owner%3Dhelm%2Cname%3D{self.name}") or {"items": []}
        return max(found["items"], key=lambda secret: int(secret["metadata"]["labels"]["version"]), default=None)

    def status(self):
        last = self.last()
        if not last:
            raise Error("release: not found")
        labels = last["metadata"]["labels"]
        deployed = last["metadata"]["annotations"]["last-deployed"]
        info = {"first_deployed": deployed, "last_deployed": deployed, "deleted": "", "status": labels["status"]}
        return {"name": self.name, "info": info, "version": int(labels["version"]), "namespace": self.namespace}

    def begin(self, chart, version):
        last = self.last()
        if last and last["metadata"]["labels"]["status"].startswith("pending"):
            raise Error("UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress")
        cluster_api.create("/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        self.revision = int(last["metadata"]["labels"]["version"]) + 1 if last else 1
        status = "pending-upgrade" if last else "pending-install"
        labels = {"owner": "helm", "name": self.name, "version": str(self.revision), "status": status}
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        metadata = {"name": self.secret(), "labels": labels, "annotations": {"last-deployed": now, "chart": f"{chart}-{version}"}}
        cluster_api.create(self.secrets, {"metadata": metadata, "type": "helm.sh/release.v1"})

    def end(self, status):
        cluster_api.merge(f"{self.secrets}/{self.secret()}", {"metadata": {"labels": {"status": status}}})

    def secret(self):
        return f"sh.helm.release.v1.{self.name}.v{self.revision}"

    def forget(self):
        while last := self.last():
            cluster_api.remove(f"{self.secrets}/{last['metadata']['name']}")
