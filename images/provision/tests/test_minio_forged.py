"""Requests that MinIO has taken from strangers: the server under test refuses them all.

A stranger knows a user's access key and no secret, or holds a URL that somebody else has presigned.
"""

import datetime
import http.client
import io
import tarfile
import urllib.parse
from datetime import timedelta

import pytest

from test_minio import Platform, platform

__all__ = ["platform"]

TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
FORGED = b"FORGED"
SNOWBALL = {"X-Amz-Meta-Snowball-Auto-Extract": "true", "X-Amz-Meta-Minio-Snowball-Prefix": "pageviews"}
# What one server of a replicated site tells another of an object that it has encrypted.
REPLICATION = {
    "X-Minio-Replication-Server-Side-Encryption-Sealed-Key": "QUFB",
    "X-Minio-Replication-Server-Side-Encryption-Seal-Algorithm": "DAREv2-HMAC-SHA256",
    "X-Minio-Replication-Server-Side-Encryption-Iv": "QUFB",
}


class Stranger:
    """Sends what it likes, with the access key of somebody else."""

    def __init__(self, host: str, key: str) -> None:
        self.host = host
        self._time = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
        self._scope = f"{key}/{self._time[:8]}/us-east-1/s3/aws4_request"

    @property
    def query(self) -> dict[str, str]:
        return {"X-Amz-Credential": self._scope}

    @property
    def presigned(self) -> dict[str, str]:
        return {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            **self.query,
            "X-Amz-Date": self._time,
            "X-Amz-Expires": "3600",
            "X-Amz-SignedHeaders": "host",
            "X-Amz-Signature": "0" * 64,
        }

    @property
    def header(self) -> dict[str, str]:
        signed = "host;x-amz-content-sha256;x-amz-date;" + ";".join(sorted(key.lower() for key in SNOWBALL))
        value = f"AWS4-HMAC-SHA256 Credential={self._scope}, SignedHeaders={signed}, Signature={'0' * 64}"
        return {"Authorization": value, "X-Amz-Date": self._time}

    def put(self, path: str, query: dict[str, str], headers: dict[str, str], body: bytes) -> int:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request("PUT", f"{path}?{urllib.parse.urlencode(query)}", body=body, headers=headers)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture
def stranger(platform: Platform) -> Stranger:
    platform.run()
    owner = platform.as_user("pageviews")
    owner.put_object(bucket_name="projects", object_name="pageviews/kept", data=io.BytesIO(b"ours"), length=4)
    return Stranger(platform.server.host, platform.keys["pageviews"])


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n\r\n" % (len(data), data)


def streamed(data: bytes) -> dict[str, str]:
    return {"X-Amz-Content-Sha256": TRAILER, "X-Amz-Decoded-Content-Length": str(len(data))}


def archive(name: str, fields: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        info = tarfile.TarInfo(name)
        info.size, info.mtime = len(FORGED), 1
        info.pax_headers = {f"minio.metadata.{key}": value for key, value in (fields or {}).items()}
        tar.addfile(info, io.BytesIO(FORGED))
    return buffer.getvalue()


def kept(platform: Platform, name: str = "pageviews/kept") -> bytes:
    return platform.as_root().get_object(bucket_name="projects", object_name=name).data


@pytest.mark.parametrize("credential", ["query", "presigned"])
def test_an_unsigned_trailer_needs_a_signature(
    platform: Platform, stranger: Stranger, credential: str
) -> None:
    query = stranger.query if credential == "query" else stranger.presigned
    for name in ("kept", "planted"):
        path = f"/projects/pageviews/{name}"
        assert stranger.put(path, query, streamed(FORGED), chunked(FORGED)) >= 400
    assert kept(platform) == b"ours"
    assert stranger.put("/projects/pageviews/kept", {}, {**streamed(FORGED), **stranger.header}, b"") >= 400
    assert stranger.put("/projects/pageviews/kept", {}, streamed(FORGED), chunked(FORGED)) >= 400


def test_a_part_with_an_unsigned_trailer_needs_a_signature(platform: Platform, stranger: Stranger) -> None:
    owner = platform.as_user("pageviews")
    upload = owner._create_multipart_upload("projects", "pageviews/parts", {})
    part = {"partNumber": "1", "uploadId": upload, **stranger.query}
    assert stranger.put("/projects/pageviews/parts", part, streamed(FORGED), chunked(FORGED)) >= 400
    assert owner._list_parts("projects", "pageviews/parts", upload).parts == []


@pytest.mark.parametrize("way", ["query", "header"])
def test_an_archive_needs_a_signature(platform: Platform, stranger: Stranger, way: str) -> None:
    query, header = (stranger.query, {}) if way == "query" else ({}, stranger.header)
    headers = {"X-Amz-Content-Sha256": TRAILER, **SNOWBALL, **header}
    assert stranger.put("/projects/x.tar", query, headers, archive("kept")) >= 400
    assert kept(platform) == b"ours"


def test_a_presigned_upload_copies_nothing(platform: Platform, stranger: Stranger) -> None:
    url = platform.as_user("pageviews").presigned_put_object(
        bucket_name="projects", object_name="pageviews/inbox", expires=timedelta(minutes=5)
    )
    at = urllib.parse.urlsplit(url)
    query = dict(urllib.parse.parse_qsl(at.query))
    assert stranger.put(at.path, query, {"X-Amz-Copy-Source": "/projects/pageviews/kept"}, b"") >= 400
    # The same URL as it was meant.
    assert stranger.put(at.path, query, {}, b"meant") == 200
    assert kept(platform, "pageviews/inbox") == b"meant"


@pytest.mark.parametrize("place", ["header", "query", "archive"])
def test_no_client_speaks_for_a_replicated_site(platform: Platform, stranger: Stranger, place: str) -> None:
    """An object that is said to be encrypted could not be read again."""
    owner, name = platform.as_user("pageviews"), f"pageviews/poisoned-by-{place}"
    fields = REPLICATION if place == "query" else {}
    url = owner.get_presigned_url("PUT", "projects", name, extra_query_params=dict(fields))
    at = urllib.parse.urlsplit(url)
    headers = REPLICATION if place == "header" else {}
    if place != "archive":
        stranger.put(at.path, dict(urllib.parse.parse_qsl(at.query)), headers, FORGED)
    else:
        data = io.BytesIO(archive(name.removeprefix("pageviews/"), REPLICATION))
        size = len(data.getvalue())
        owner.put_object("projects", "pageviews/x.tar", data, size, metadata=dict(SNOWBALL))
        assert kept(platform, name) == FORGED
    found = platform.as_root().list_objects(bucket_name="projects", prefix=name)
    assert all(kept(platform, one.object_name or "") == FORGED for one in found)
