"""EKS's API: checks what is sent, and hands it to what does it."""

import threading
from collections.abc import Callable

from ..call import Call
from ..journal import Journal
from ..neighbours import Neighbours
from ..refusal import refused
from ..settings import Settings
from . import access, addons, clusters, node_groups, tags
from .operations import complaints_about
from .state import ApiServers, Document, State

_operations: dict[str, Callable[[State, Document], Document]] = {
    "AssociateAccessPolicy": access.associate_access_policy,
    "CreateAccessEntry": access.create_access_entry,
    "CreateAddon": addons.create_addon,
    "CreateCluster": clusters.create_cluster,
    "CreateNodegroup": node_groups.create_node_group,
    "DeleteAccessEntry": access.delete_access_entry,
    "DeleteAddon": addons.delete_addon,
    "DeleteCluster": clusters.delete_cluster,
    "DeleteNodegroup": node_groups.delete_node_group,
    "DescribeAccessEntry": access.describe_access_entry,
    "DescribeAddon": addons.describe_addon,
    "DescribeAddonVersions": addons.describe_addon_versions,
    "DescribeCluster": clusters.describe_cluster,
    "DescribeNodegroup": node_groups.describe_node_group,
    "DescribeUpdate": clusters.describe_update,
    "DisassociateAccessPolicy": access.disassociate_access_policy,
    "ListAssociatedAccessPolicies": access.list_associated_access_policies,
    "ListTagsForResource": tags.list_tags_for_resource,
    "TagResource": tags.tag_resource,
    "UntagResource": tags.untag_resource,
    "UpdateAddon": addons.update_addon,
    "UpdateClusterConfig": clusters.update_cluster_config,
    "UpdateClusterVersion": clusters.update_cluster_version,
    "UpdateNodegroupConfig": node_groups.update_node_group_config,
    "UpdateNodegroupVersion": node_groups.update_node_group_version,
}


class Eks:
    """EKS in every region."""

    def __init__(self, settings: Settings, journal: Journal, api_servers: ApiServers) -> None:
        self._settings = settings
        self._api_servers = api_servers
        self._journal = journal
        self._lock = threading.RLock()
        self._regions: dict[str, State] = {}
        self._answered: dict[tuple[str, str], Document] = {}

    def region(self, name: str) -> State:
        """What is in a region now."""
        with self._lock:
            if name not in self._regions:
                self._regions[name] = State(name, self._settings, self._journal, Neighbours(name), self._api_servers)
            self._regions[name].sweep()
            return self._regions[name]

    @property
    def regions(self) -> list[State]:
        """The regions that were ever asked about."""
        return [self.region(name) for name in list(self._regions)]

    def answer(self, call: Call) -> Document:
        """Does what is asked, and once only for the same token of a client."""
        operation = _operations.get(call.action)
        if operation is None:
            raise refused("NotImplemented", f"the imitation does not play {call.name}", 501)
        for complaint in complaints_about(call.action, call.parameters):
            self._journal.complain(f"{call.name}: {complaint}")
        with self._lock:
            key = (call.name, call.parameters.get("clientRequestToken", ""))
            if key[1] and key in self._answered:
                return self._answered[key]
            found = operation(self.region(call.region), call.parameters)
            if key[1]:
                self._answered[key] = found
            return found
