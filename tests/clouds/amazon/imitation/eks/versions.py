"""The versions of Kubernetes, of the add-ons and of the nodes' images that the imitation has."""

versions = ["1.33", "1.34", "1.35", "1.36"]
default_version = "1.35"

_addons = {
    "vpc-cni": "v1.2{minor}.0-eksbuild.1",
    "kube-proxy": "v1.{minor}.0-eksbuild.1",
    "coredns": "v1.1{minor}.0-eksbuild.1",
    "aws-ebs-csi-driver": "v1.5{minor}.0-eksbuild.1",
}


def minor(version: str) -> int:
    """35 of `1.35`."""
    return int(version.split(".")[1])


def addon_version(name: str, version: str) -> str:
    """The default of an add-on for a version of Kubernetes; a KeyError where EKS has no such add-on."""
    return _addons[name].format(minor=minor(version))


def addon_versions(name: str) -> list[dict[str, object]]:
    """As DescribeAddonVersions says it, the newest first."""
    return [
        {
            "addonVersion": addon_version(name, version),
            "architecture": ["amd64", "arm64"],
            "compatibilities": [{"clusterVersion": version, "platformVersions": ["*"], "defaultVersion": True}],
            "requiresConfiguration": False,
        }
        for version in reversed(versions)
    ]


def release_parameters() -> dict[str, str]:
    """AWS's public parameters of the recommended nodes' images."""
    found = {}
    for version in versions:
        linux = f"/aws/service/eks/optimized-ami/{version}/amazon-linux-2023/x86_64/standard/recommended"
        found[f"{linux}/release_version"] = linux_release(version)
        bottlerocket = f"/aws/service/bottlerocket/aws-k8s-{version}-nvidia/x86_64/latest"
        found[f"{bottlerocket}/image_version"] = "1.50.0-0123abcd"
    return found


def linux_release(version: str) -> str:
    """The newest release of Amazon Linux for a version of Kubernetes."""
    return f"{version}.2-20261120"
