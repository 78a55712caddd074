"""Asking again for what may not have changed: who has this very content gets its tag and nothing else."""

import hashlib
from dataclasses import replace

from procure.server.call import Call
from procure.server.replies import FOR_EVERYBODY, Reply


def is_known(if_none_match: str, tag: str) -> bool:
    return if_none_match.strip() == "*" or tag in [part.strip().removeprefix("W/") for part in if_none_match.split(",")]


def shared(call: Call, reply: Reply) -> Reply:
    """A file for everybody with the SHA-256 of its content, or 304; any other reply as it is."""
    if reply.status != 200 or FOR_EVERYBODY not in reply.headers:
        return reply
    tag = ("etag", f'"{hashlib.sha256(reply.content).hexdigest()}"')
    if is_known(call.headers.get("if-none-match", ""), tag[1]):
        return Reply(304, b"", reply.media_type, (tag, FOR_EVERYBODY))
    return replace(reply, headers=(*reply.headers, tag))
