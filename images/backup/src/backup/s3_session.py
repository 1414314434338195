"""A session for S3 that takes no error for a success.

The client library looks for an error in the body of an answer with status 200 only. MinIO answers a listing that meets
an object with broken encryption metadata with status 206 and an error as its body, which would be an empty listing.
"""

import re
from typing import Any

from aiobotocore.session import AioSession, get_session

ERROR = re.compile(rb"\s*(<\?xml[^>]*\?>)?\s*<Error>")


def session() -> AioSession:
    """A session whose clients raise ClientError for an error with any status of success."""
    made = get_session()
    made.register("before-parse.s3", _tell_errors)
    return made


def _tell_errors(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    # A streamed body is an object's content, and may be anything.
    if operation_model.has_streaming_output or not 200 < response_dict["status_code"] < 300:
        return
    if ERROR.match(response_dict["body"]):
        # What S3 itself says where a listing fails; it is tried again as such.
        response_dict["status_code"] = 500
