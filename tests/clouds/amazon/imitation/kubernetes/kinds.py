"""The kinds of objects that the platform's cluster layer makes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of objects."""

    group: str
    name: str
    plural: str
    is_namespaced: bool = True
    version: str = "v1"

    @property
    def root(self) -> str:
        """Path of its group and version."""
        return f"apis/{self.group}/{self.version}" if self.group else f"api/{self.version}"


_rbac = "rbac.authorization.k8s.io"

kinds = [
    Kind("", "ConfigMap", "configmaps"),
    Kind("", "Event", "events"),
    Kind("", "Namespace", "namespaces", is_namespaced=False),
    Kind("", "PersistentVolumeClaim", "persistentvolumeclaims"),
    Kind("", "Pod", "pods"),
    Kind("", "Secret", "secrets"),
    Kind("", "Service", "services"),
    Kind("", "ServiceAccount", "serviceaccounts"),
    Kind("apps", "DaemonSet", "daemonsets"),
    Kind("apps", "Deployment", "deployments"),
    Kind("apps", "ReplicaSet", "replicasets"),
    Kind("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
    Kind(_rbac, "ClusterRole", "clusterroles", is_namespaced=False),
    Kind(_rbac, "ClusterRoleBinding", "clusterrolebindings", is_namespaced=False),
    Kind(_rbac, "Role", "roles"),
    Kind(_rbac, "RoleBinding", "rolebindings"),
    Kind("storage.k8s.io", "StorageClass", "storageclasses", is_namespaced=False),
]


def discovery(path: str) -> dict[str, object] | None:
    """What the API says of itself at a path; None where that is not what the path is for."""
    groups = sorted({kind.group for kind in kinds if kind.group})
    if path == "version":
        return {"major": "1", "minor": "35", "gitVersion": "v1.35.0", "platform": "linux/amd64"}
    if path == "api":
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
    if path == "apis":
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(name) for name in groups]}
    found = [kind for kind in kinds if kind.root == path]
    if not found:
        return None
    return {
        "kind": "APIResourceList",
        "groupVersion": path.removeprefix("apis/").removeprefix("api/"),
        "resources": [
            {
                "name": kind.plural,
                "singularName": kind.name.lower(),
                "namespaced": kind.is_namespaced,
                "kind": kind.name,
                "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"],
            }
            for kind in found
        ],
    }


def _group(name: str) -> dict[str, object]:
    version = {"groupVersion": f"{name}/v1", "version": "v1"}
    return {"name": name, "versions": [version], "preferredVersion": version}
