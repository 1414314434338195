"""How AWS says no: the error of an operation in the words and the protocol of its service."""

import json
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

_query_services = {"iam", "sts", "rds"}


@dataclass
class Refusal(Exception):
    """An operation that AWS refuses."""

    code: str
    message: str
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, service: str) -> bytes:
        """The answer as the service writes it."""
        code, message = escape(self.code), escape(self.message)
        if service == "ec2":
            return (
                f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
                "<RequestID>imitation</RequestID></Response>"
            ).encode()
        if service == "s3":
            return f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
        if service in _query_services:
            return (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
                "<RequestId>imitation</RequestId></ErrorResponse>"
            ).encode()
        return json.dumps({"__type": self.code, "message": self.message}).encode()

    def content_type(self, service: str) -> str:
        """Of the body."""
        return "text/xml" if service in _query_services | {"ec2", "s3"} else "application/x-amz-json-1.1"


def refused(code: str, message: str, status: int = 400) -> Refusal:
    """A refusal whose code is in a header, too, where EKS's clients look for it."""
    return Refusal(code, message, status, {"X-Amzn-ErrorType": code})
