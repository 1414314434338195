"""What a request of AWS's clients asks for: the service, the operation and its parameters."""

import io
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from .eks.operations import match_operation

Environ = dict[str, Any]

_scope = re.compile(r"Credential=[^/]+/\d+/([\w-]*)/([\w-]+)/")

_bucket_parts = {
    "accelerate": "BucketAccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCors",
    "encryption": "BucketEncryption",
    "lifecycle": "BucketLifecycleConfiguration",
    "location": "BucketLocation",
    "logging": "BucketLogging",
    "object-lock": "ObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "PublicAccessBlock",
    "replication": "BucketReplication",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}


@dataclass(frozen=True)
class Call:
    """One call of an operation."""

    service: str
    region: str
    action: str
    """Name of the operation, e.g. `CreateVpc`."""
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The service and the operation, e.g. `ec2:CreateVpc`."""
        return f"{self.service}:{self.action}"


def read_call(environ: Environ) -> Call:
    """Reads a request, whose body can be read again afterwards."""
    found = _scope.search(environ.get("HTTP_AUTHORIZATION", ""))
    region, service = (found[1], found[2]) if found else ("", "unsigned")
    body = _body(environ)
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        return Call(service, region, target.split(".")[-1], json.loads(body or b"{}"))
    if service == "eks":
        return Call(service, region, *_eks(environ, body))
    if service == "s3":
        return Call(service, region, _s3(environ), {"Path": environ["PATH_INFO"]})
    form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    form.pop("Version", None)
    action = form.pop("Action", f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
    return Call(service, region, action, form)


def _body(environ: Environ) -> bytes:
    stream = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    body: bytes = stream.read(int(length)) if length else stream.read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def _eks(environ: Environ, body: bytes) -> tuple[str, dict[str, Any]]:
    # PATH_INFO is decoded, and an ARN in a path has slashes of its own.
    path = str(environ.get("RAW_URI") or environ["PATH_INFO"]).split("?")[0]
    method = environ["REQUEST_METHOD"]
    found = match_operation(method, path)
    if found is None:
        return f"{method} {path}", {}
    action, places = found
    query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
    return action, {**json.loads(body or b"{}"), **query, **{key: unquote(value) for key, value in places.items()}}


def _s3(environ: Environ) -> str:
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    keys = [key for key, _ in parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)]
    part = next((_bucket_parts[key] for key in keys if key in _bucket_parts), None)
    if part is not None:
        verb = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}.get(method, method)
        return f"{verb}{part}"
    subject = "Object" if path.strip("/").count("/") else "Bucket"
    verbs = {"PUT": "Create" if subject == "Bucket" else "Put", "HEAD": "Head", "DELETE": "Delete"}
    return f"{verbs[method]}{subject}" if method in verbs else {"Bucket": "ListObjects", "Object": "GetObject"}[subject]
