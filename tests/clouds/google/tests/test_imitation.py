"""The imitation by its own address, as a provider uses it."""

import http.client
from typing import Any

import pytest

from .conftest import Send

PROJECT = "compute/beta/projects/acme-ml"
NETWORKS = f"{PROJECT}/global/networks"
SUBNETWORKS = f"{PROJECT}/regions/us-central1/subnetworks"
CLUSTERS = "container/v1beta1/projects/acme-ml/locations/us-central1/clusters"


def problems(send: Send) -> list[str]:
    return [text for entry in send("GET", "_journal")[1] for text in entry.get("problems", [])]


def network(send: Send) -> None:
    send("POST", NETWORKS, {"name": "ml"})
    body = {"name": "ml", "network": "projects/acme-ml/global/networks/ml", "ipCidrRange": "10.10.0.0/20"}
    send("POST", SUBNETWORKS, body)


def test_keeps_what_is_made_until_it_is_deleted(send: Send) -> None:
    assert send("GET", f"{NETWORKS}/ml")[0] == 404
    assert send("POST", NETWORKS, {"name": "ml"})[1]["status"] == "DONE"
    assert send("GET", f"{NETWORKS}/ml")[1]["routingConfig"] == {"routingMode": "REGIONAL"}
    assert send("POST", NETWORKS, {"name": "ml"})[0] == 409
    assert send("DELETE", f"{NETWORKS}/ml")[0] == 200
    assert send("GET", "_store")[1]["resources"] == {}


def test_keeps_what_another_resource_uses(send: Send) -> None:
    network(send)
    code, answer = send("DELETE", f"{NETWORKS}/ml")
    assert (code, "already being used by" in answer["error"]["message"]) == (400, True)
    assert send("DELETE", f"{SUBNETWORKS}/ml")[0] == 200
    assert send("DELETE", f"{NETWORKS}/ml")[0] == 200


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"name": "ml", "colour": "red"}, "$.colour: no such field"),
        ({"name": "ml", "mtu": "many"}, "$.mtu: 'many', want a whole number"),
        ({"name": "ml", "autoCreateSubnetworks": "no"}, "$.autoCreateSubnetworks: 'no', want a boolean"),
        ({"name": "Ml"}, "$.name: 'Ml', does not match [a-z](?:[-a-z0-9]{0,61}[a-z0-9])?"),
        ({"name": "ml", "mtu": 1500}, None),
    ],
)
def test_says_what_google_would_refuse(send: Send, body: dict[str, Any], problem: str | None) -> None:
    send("POST", NETWORKS, body)
    assert problems(send) == ([] if problem is None else [problem])


def test_checks_labels_which_no_description_does(send: Send) -> None:
    send("POST", "storage/v1/b?project=acme-ml", {"name": "ml", "labels": {"Team": "ml"}})
    assert problems(send) == ["label Team=ml is not one of Google's"]


def test_makes_no_cluster_without_its_network(send: Send) -> None:
    body = {"cluster": {"name": "ml", "network": "projects/acme-ml/global/networks/ml"}}
    assert send("POST", CLUSTERS, body)[0] == 400


def test_changes_a_cluster_by_wishes(send: Send) -> None:
    network(send)
    links = {"network": "projects/acme-ml/global/networks/ml"}
    links["subnetwork"] = "projects/acme-ml/regions/us-central1/subnetworks/ml"
    send("POST", CLUSTERS, {"cluster": {"name": "ml", **links, "initialNodeCount": 1}})
    send("PUT", f"{CLUSTERS}/ml", {"update": {"desiredMasterVersion": "1.36"}})
    answer = send("GET", f"{CLUSTERS}/ml")[1]
    assert answer["currentMasterVersion"].startswith("1.36.")
    assert [one["name"] for one in answer["nodePools"]] == ["default-pool"]


def test_answers_an_error_as_often_as_asked(send: Send) -> None:
    fault = {"method": r"compute\.networks\.insert", "times": 2, "code": 429, "message": "slowly"}
    send("POST", "_faults", fault)
    assert [send("POST", NETWORKS, {"name": "ml"})[0] for _ in range(3)] == [429, 429, 200]
    assert send("GET", "_faults")[1] == []


def test_loses_an_answer_to_what_it_has_done(send: Send) -> None:
    send("POST", "_faults", {"method": r"compute\.networks\.insert", "lost": True})
    with pytest.raises(http.client.RemoteDisconnected):
        send("POST", NETWORKS, {"name": "ml"})
    assert send("GET", f"{NETWORKS}/ml")[0] == 200


def test_runs_an_operation_for_a_while(send: Send) -> None:
    send("POST", "_faults", {"method": r"compute\.networks\.insert", "seconds": 60})
    operation = send("POST", NETWORKS, {"name": "ml"})[1]
    assert operation["status"] == "RUNNING"
    assert send("GET", f"{PROJECT}/global/operations/{operation['name']}")[1]["status"] == "RUNNING"


def test_says_what_it_cannot_play(send: Send) -> None:
    assert send("GET", f"{PROJECT}/global/healthChecks")[0] == 501
    assert [entry["kind"] for entry in send("GET", "_journal")[1]] == ["unknown", "answer"]
