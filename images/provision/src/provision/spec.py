"""Reads a spec, a JSON file that a pydantic model describes. Reports all its errors, and no secret."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from provision.errors import ProvisionError


class Entry(BaseModel):
    """One JSON object of a spec; a key that it does not describe is an error."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, hide_input_in_errors=True, strict=True
    )


Model = TypeVar("Model", bound=Entry)


def load(path: Path, model: type[Model]) -> Model:
    """Raises ProvisionError with everything that is wrong in the file and in those that it names."""
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ProvisionError(f"the spec {path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        problems = [_problem(model, details) for details in error.errors(include_url=False)]
    if len(problems) == 1:
        raise ProvisionError(f"{path}: {problems[0]}")
    raise ProvisionError("\n  ".join([f"{path} has {len(problems)} errors:", *problems]))


def _problem(model: type[Entry], error: ErrorDetails) -> str:
    """Where, what was found and what pydantic expects; an unknown key's value may be a secret."""
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"]).lstrip(".")
    if error["type"] == "missing":
        return f"{place} is missing"
    if error["type"] == "extra_forbidden":
        return f"{place} is not a known key; known are {', '.join(_known_keys(model, error['loc'][:-1]))}"
    subject, _, expected = error["msg"].partition(" should ")
    if subject in ("Input", "String"):
        return f"{place or 'the file'} is {_shown(error['input'])}; it should {expected}"
    return f"{place}: {error['msg']}" if place else error["msg"]


def _known_keys(model: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    for key in (step for step in place if isinstance(step, str)):
        annotation: Any = next(
            field.annotation for field in model.model_fields.values() if field.alias == key
        )
        types = (annotation, *get_args(annotation))
        model = next(one for one in types if isinstance(one, type) and issubclass(one, BaseModel))
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return json.dumps(value)
