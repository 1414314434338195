"""A NAT gateway takes its time, in which it holds its subnet and its address; moto's is there and gone at once."""

import threading
from typing import Any

from .call import Call
from .neighbours import Neighbours


def settle(call: Call, seconds: float) -> None:
    """Sets the states that a gateway has on the way to its last one, after the call has been answered by moto."""
    gateways = Neighbours(call.region).ec2.nat_gateways
    if call.name == "ec2:CreateNatGateway":
        for gateway in gateways.values():
            if gateway.state == "available" and not getattr(gateway, "is_settled", False):
                gateway.is_settled = True
                _pass(gateway, "pending", "available", seconds)
    elif call.name == "ec2:DeleteNatGateway" and call.parameters["NatGatewayId"] in gateways:
        _pass(gateways[call.parameters["NatGatewayId"]], "deleting", "deleted", seconds)


def _pass(gateway: Any, now: str, later: str, seconds: float) -> None:
    gateway.state = now
    timer = threading.Timer(seconds, lambda: setattr(gateway, "state", later))
    timer.daemon = True
    timer.start()
