"""Google's descriptions of its APIs: which method a request calls, and whether its query and body are as described."""

import json
import re
from functools import cached_property
from importlib.resources import files
from typing import Any

Json = dict[str, Any]

# What every method takes, and no description lists for each.
COMMON = {
    *("access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "upload_protocol"),
    *("uploadType", "userIp", "userProject", "$.xgafv", "$alt"),
}

# Fields that Google's provider sends whatever the program says, and that are missing in the descriptions.
UNDESCRIBED = {"deleteBgpAlwaysCompareMed", "initialNatIps"}


class Method:
    """A method of an API, by the path that calls it."""

    def __init__(self, description: Json, path: str) -> None:
        self.description = description
        self.id: str = description["id"]
        self.verb: str = description["httpMethod"]
        self.pattern = _pattern(path)
        # The most literal path wins: …/instances/{instance}/users before …/{+name}.
        self.rank = ("{+" in path, -len(re.sub(r"\{[^}]*\}", "", path)))

    @property
    def action(self) -> str:
        return self.id.split(".")[-1]

    @property
    def kind(self) -> str:
        return self.id.split(".")[-2]

    @cached_property
    def parameters(self) -> Json:
        found: Json = self.description.get("parameters", {})
        return found


class Api:
    """One of the descriptions that come with Google's client library."""

    def __init__(self, name: str) -> None:
        text = files("googleapiclient").joinpath(f"discovery_cache/documents/{name}.json").read_text()
        self.document: Json = json.loads(text)
        self.methods = sorted(self._methods(self.document), key=lambda method: method.rank)

    def match(self, verb: str, path: str) -> Method | None:
        return next((one for one in self.methods if one.verb == verb and one.pattern.fullmatch(path)), None)

    def problems(self, method: Method, query: dict[str, list[str]], body: Any) -> list[str]:
        """What Google would refuse, a sentence each."""
        return [*_query_problems(method, query), *self._body_problems(method, body)]

    def _methods(self, node: Json) -> list[Method]:
        below = [one for child in node.get("resources", {}).values() for one in self._methods(child)]
        return [
            *(Method(one, path) for one in node.get("methods", {}).values() for path in self._paths(one)),
            *below,
        ]

    def _paths(self, method: Json) -> set[str]:
        texts = {method["path"], method.get("flatPath", method["path"])}
        is_whole = re.compile(r"(v\d|sql/|dns/)")
        return {text if is_whole.match(text) else f"{self.document.get('servicePath', '')}{text}" for text in texts}

    def _body_problems(self, method: Method, body: Any) -> list[str]:
        reference = method.description.get("request", {}).get("$ref")
        if reference is None:
            return [] if not body else [f"a body, where none is taken: {str(body)[:80]}"]
        return [] if body is None else list(self._problems(body, {"$ref": reference}, "$"))

    def _problems(self, value: Any, schema: Json, at: str) -> list[str]:
        if "$ref" in schema:
            schema = self.document["schemas"][schema["$ref"]]
        if value is None:
            return []
        if schema.get("type") == "object" or "properties" in schema:
            return self._object_problems(value, schema, at)
        if schema.get("type") == "array":
            if not isinstance(value, list):
                return [f"{at}: {type(value).__name__}, want an array"]
            return [text for i, one in enumerate(value) for text in self._problems(one, schema["items"], f"{at}[{i}]")]
        problem = _scalar_problem(value, schema)
        return [] if problem is None else [f"{at}: {value!r}, {problem}"]

    def _object_problems(self, value: Any, schema: Json, at: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{at}: {type(value).__name__}, want an object"]
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        found = []
        for key, inner in value.items():
            if key in properties:
                found += self._problems(inner, properties[key], f"{at}.{key}")
            elif others is not None:
                found += self._problems(inner, others, f"{at}[{key}]")
            elif key not in UNDESCRIBED:
                found.append(f"{at}.{key}: no such field")
        return found


def _pattern(path: str) -> re.Pattern[str]:
    pieces = re.split(r"(\{\+?[\w.]+\})", path)
    return re.compile("".join(_piece(one) for one in pieces))


def _piece(text: str) -> str:
    if not text.startswith("{"):
        return re.escape(text)
    return ".+?" if text.startswith("{+") else "[^/:]+"


def _query_problems(method: Method, query: dict[str, list[str]]) -> list[str]:
    known = {*COMMON, *method.parameters, *(key.split(".")[-1] for key in method.parameters)}
    found = [f"unknown query parameter {key}" for key in query if key not in known]
    for key, spec in method.parameters.items():
        values = query.get(key, [])
        if spec.get("required") and spec.get("location") == "query" and values == []:
            found.append(f"query parameter {key} is required")
        found += [
            f"query {key}={one}: not one of {spec['enum']}" for one in values if one not in spec.get("enum", [one])
        ]
    return found


def _scalar_problem(value: Any, schema: Json) -> str | None:
    kind, form = schema.get("type"), schema.get("format")
    is_whole = not isinstance(value, bool) and re.fullmatch(r"-?\d+", str(value)) is not None
    if kind == "integer" or form in ("int64", "uint64"):
        return None if is_whole else "want a whole number"
    if kind == "number":
        return None if isinstance(value, int | float) and not isinstance(value, bool) else "want a number"
    if kind == "boolean":
        return None if isinstance(value, bool) else "want a boolean"
    if kind != "string":
        return None
    if not isinstance(value, str):
        return "want a string"
    if value not in schema.get("enum", [value]):
        return f"not one of {schema['enum']}"
    if value and not re.fullmatch(schema.get("pattern", ".*"), value, re.DOTALL):
        return f"does not match {schema['pattern']}"
    return None
