"""The policies of MinIO's users, as documents."""

from collections.abc import Sequence
from typing import Any

from provision.minio_spec import Access

READ_OBJECTS = ["s3:GetObject"]
WRITE_OBJECTS = [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
]
# Unless it is denied, the server lets each user change its own secret and make service accounts.
NO_ADMINISTRATION = {"Effect": "Deny", "Action": ["admin:*"]}
# The same for the user of the metrics: the right to read them is one of admin:*, and a denial wins.
NOTHING_BUT_METRICS = {
    "Effect": "Deny",
    "Action": [
        "admin:CreateServiceAccount",
        "admin:CreateUser",
        "admin:GetUser",
        "admin:ListServiceAccounts",
        "admin:ListTemporaryAccounts",
        "admin:RemoveServiceAccount",
        "admin:UpdateServiceAccount",
    ],
}


def policy(accesses: Sequence[Access]) -> dict[str, Any]:
    """The statements that allow a user exactly this; without any access, to read the server's metrics."""
    statements = (
        [NO_ADMINISTRATION, *(one for access in accesses for one in reach(access))]
        if accesses
        else [{"Effect": "Allow", "Action": ["admin:Prometheus"]}, NOTHING_BUT_METRICS]
    )
    return {"Version": "2012-10-17", "Statement": statements}


def reach(access: Access) -> list[dict[str, Any]]:
    """One bucket or folder of it.

    A listing is bound to the prefix, "folder/" included, so that one project
    does not see the names of another whose name begins alike.
    """
    bucket = f"arn:aws:s3:::{access.bucket}"
    listing: dict[str, Any] = {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [bucket]}
    if access.prefix:
        listing["Condition"] = {"StringLike": {"s3:prefix": [access.prefix, f"{access.prefix}*"]}}
    return [
        {"Effect": "Allow", "Action": ["s3:GetBucketLocation"], "Resource": [bucket]},
        listing,
        {
            "Effect": "Allow",
            "Action": WRITE_OBJECTS if access.mode == "readWrite" else READ_OBJECTS,
            "Resource": [f"{bucket}/{access.prefix}*"],
        },
    ]
