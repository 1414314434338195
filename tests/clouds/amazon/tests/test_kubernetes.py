"""The API server behind a cluster."""

from imitation.kubernetes.kinds import discovery, kinds
from imitation.kubernetes.objects import Object, Objects

_deployment = next(kind for kind in kinds if kind.name == "Deployment")
_key = ("deployments", "kube-system", "autoscaler")


def _asked(image: str) -> Object:
    spec = {"selector": {}, "template": {"image": image}, "replicas": 2}
    return {"kind": "Deployment", "metadata": {"name": "autoscaler", "namespace": "kube-system"}, "spec": spec}


def test_a_deployment_is_rolled_out_at_once_and_goes_with_its_replica_set() -> None:
    objects = Objects()
    made = objects.apply(_deployment, _key, _asked("a"), is_dry=False)
    assert made["status"]["availableReplicas"] == 2
    assert len(objects.listed("replicasets", "kube-system")) == 1
    changed = objects.apply(_deployment, _key, _asked("b"), is_dry=False)
    assert changed["metadata"]["uid"] == made["metadata"]["uid"]
    assert changed["status"]["observedGeneration"] == changed["metadata"]["generation"] == 2
    assert objects.names() == ["deployments kube-system/autoscaler"]
    assert objects.remove(_key) is not None
    assert objects.listed("replicasets", "") == []


def test_a_dry_run_keeps_nothing() -> None:
    objects = Objects()
    assert objects.apply(_deployment, _key, _asked("a"), is_dry=True)["spec"]["replicas"] == 2
    assert objects.names() == []


def test_discovery_knows_every_kind_by_its_group() -> None:
    for kind in kinds:
        found = discovery(kind.root)
        assert found is not None and kind.name in str(found["resources"])
    assert discovery("apis/unknown/v1") is None
