"""What moto keeps differently from AWS in a way that a client notices, put right after the call that made it."""

from collections.abc import Callable

from .call import Call
from .neighbours import Neighbours


def _template_tags(here: Neighbours) -> None:
    """A template's own tags are not among those that its data gives to machines."""
    for template in here.ec2.launch_templates.values():
        for version in template.versions:
            specifications = version.data.get("TagSpecifications", [])
            version.data["TagSpecifications"] = [
                one for one in specifications if one["ResourceType"] != "launch-template"
            ]


def _parameters_source(here: Neighbours) -> None:
    """A parameter that is set is the user's."""
    for group in here.rds.db_parameter_groups.values():
        for parameter in group.parameters.values():
            parameter["Source"] = "user"


_corrections: dict[str, Callable[[Neighbours], None]] = {
    "ec2:CreateLaunchTemplate": _template_tags,
    "rds:ModifyDBParameterGroup": _parameters_source,
}


def correct(call: Call) -> None:
    """Puts right what a call has made."""
    correction = _corrections.get(call.name)
    if correction is not None:
        correction(Neighbours(call.region))
