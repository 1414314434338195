"""What `provision minio` is told: the server, its buckets, and who may reach what."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from provision.fields import HttpUrl, Secret, Text, at_least, must_be, refuse_duplicates
from provision.sign import Sign
from provision.spec import Entry

BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
# The server's limits; those above, 20 and 40, hold for keys that it generates and for service accounts alone.
MIN_ACCESS_KEY_LENGTH = 3
MIN_SECRET_LENGTH = 8
# A client of such a name would replace the policy that the server ships under it.
BUILT_IN_POLICIES = ("consoleAdmin", "diagnostics", "readonly", "readwrite", "writeonly")

# In a policy these are wildcards or variables, which would widen the access silently.
NOT_IN_A_FOLDER = frozenset('*?$"\\')

BucketName = Annotated[str, must_be("a bucket name (3 to 63 of a-z, 0-9 and -)", BUCKET_NAME.fullmatch)]
Folder = Annotated[
    str,
    must_be('a folder without * ? $ " or \\', NOT_IN_A_FOLDER.isdisjoint),
    AfterValidator(lambda prefix: f"{folder}/" if (folder := prefix.strip("/")) else ""),
]
PolicyName = Annotated[
    Text,
    must_be(f"a name other than {', '.join(BUILT_IN_POLICIES)}", lambda name: name not in BUILT_IN_POLICIES),
]
Endpoint = Annotated[
    HttpUrl, must_be("an http:// or https:// URL without a path", lambda url: urlsplit(url).path in ("", "/"))
]


class Bucket(Entry):
    name: BucketName
    versioned: bool = False
    expire_days: Annotated[int, Field(ge=1)] | None = None


class Access(Entry):
    bucket: BucketName
    prefix: Folder = ""
    """Empty for the whole bucket, else a folder that ends in "/"."""
    mode: Literal["readWrite", "readOnly"]


class User(Entry):
    policy: PolicyName = Field(alias="name")
    """Names the client: each generation of its users carries this policy and no other."""
    access_key: Annotated[Secret, at_least(MIN_ACCESS_KEY_LENGTH, "MinIO")] = Field(alias="accessKeyFile")
    secret_key: Annotated[Secret, at_least(MIN_SECRET_LENGTH, "MinIO")] = Field(alias="secretKeyFile")
    access: tuple[Access, ...] = ()
    """Empty for the user who reads the server's metrics."""
    metrics: bool = False

    @model_validator(mode="after")
    def _has_one_purpose(self) -> Self:
        if self.metrics == bool(self.access):
            raise PydanticCustomError(
                "purpose", "access should name at least one bucket, or none together with metrics: true"
            )
        return self


class Spec(Entry):
    endpoint: Endpoint
    access_key: Secret = Field(alias="accessKeyFile")
    secret_key: Secret = Field(alias="secretKeyFile")
    sign: Sign | None = Field(default=None, alias="platform")
    buckets: tuple[Bucket, ...] = ()
    users: tuple[User, ...] = ()

    @property
    def host(self) -> str:
        return urlsplit(self.endpoint).netloc

    @property
    def secure(self) -> bool:
        return urlsplit(self.endpoint).scheme == "https"

    @model_validator(mode="after")
    def _names_and_keys_once(self) -> Self:
        refuse_duplicates(
            bucket=[bucket.name for bucket in self.buckets], user=[user.policy for user in self.users]
        )
        keys = [self.access_key, *(user.access_key for user in self.users)]
        if len(set(keys)) < len(keys):
            raise PydanticCustomError("key", "it gives two users one key; each needs its own accessKeyFile")
        return self
