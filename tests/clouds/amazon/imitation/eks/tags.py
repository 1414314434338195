"""Tags of clusters, groups of nodes, add-ons and access entries."""

from collections.abc import Iterator

from ..refusal import refused
from .state import Document, State


def _all(state: State) -> Iterator[tuple[str, Document]]:
    things = [*state.clusters.values(), *state.node_groups.values(), *state.addons.values()]
    for document in [*(thing.document for thing in things), *state.entries.values()]:
        for key in ("arn", "nodegroupArn", "addonArn", "accessEntryArn"):
            if key in document:
                yield document[key], document


def _tagged(state: State, args: Document) -> Document:
    found = next((document for arn, document in _all(state) if arn == args["resourceArn"]), None)
    if found is None:
        raise refused("NotFoundException", f"No resource {args['resourceArn']}", 404)
    return found


def tag_resource(state: State, args: Document) -> Document:
    """Adds tags."""
    found = _tagged(state, args)
    found["tags"] = {**found["tags"], **args["tags"]}
    return {}


def untag_resource(state: State, args: Document) -> Document:
    """Takes tags."""
    found = _tagged(state, args)
    found["tags"] = {key: value for key, value in found["tags"].items() if key not in args["tagKeys"]}
    return {}


def list_tags_for_resource(state: State, args: Document) -> Document:
    """The tags of a resource."""
    return {"tags": _tagged(state, args)["tags"]}
