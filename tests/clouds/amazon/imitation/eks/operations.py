"""EKS's operations as its own description has them, which comes with botocore."""

import re
from functools import cache
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

Operation = tuple[str, re.Pattern[str], str]


@cache
def _model() -> Any:
    return botocore.session.get_session().get_service_model("eks")


@cache
def _operations() -> list[Operation]:
    model = _model()
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http["requestUri"].split("?")[0]
        pattern = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", path)
        found.append((http["method"], re.compile(f"^{pattern}$"), name))
    return found


def match_operation(method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """The operation of a request and what its path says, by the members' names; None where EKS has none."""
    for verb, pattern, name in _operations():
        found = pattern.match(path) if verb == method else None
        if found:
            return name, _named(name, found.groupdict())
    return None


def _named(operation: str, places: dict[str, str]) -> dict[str, str]:
    members = _model().operation_model(operation).input_shape.members
    names = {shape.serialization.get("name", member): member for member, shape in members.items()}
    return {names.get(place, place): value for place, value in places.items()}


def complaints_about(operation: str, parameters: dict[str, Any]) -> list[str]:
    """What EKS's description has against the parameters of an operation."""
    shape = _model().operation_model(operation).input_shape
    typed = {
        key: _typed(shape.members[key].type_name, value) for key, value in parameters.items() if key in shape.members
    }
    report = ParamValidator().validate(typed, shape)
    unknown = [f"Unknown parameter {key}" for key in parameters if key not in shape.members]
    return unknown + ([report.generate_report()] if report.has_errors() else [])


def _typed(type_name: str, value: Any) -> Any:
    """A value of a query has its type only by the description."""
    if not isinstance(value, str):
        return value
    return {"boolean": value == "true", "integer": int(value) if value.isdigit() else value}.get(type_name, value)
