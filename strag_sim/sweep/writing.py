"""Files that appear whole or not at all, whoever else writes the same at the same time."""

import hashlib
import os
import socket
import uuid
from contextlib import suppress
from pathlib import Path

from strag_sim.errors import SweepError

PART = ".part"
DIGEST = hashlib.sha256().digest_size


def write_whole(path: Path, content: bytes) -> None:
    """Give a file this content, making its folder where there is none.

    Unlike `strag_sim.whole`, two processes may write one file at once, on any host: each writes
    under a name of its own, and the last to finish wins. A SweepError says why it cannot be.
    """
    part = path.with_name(f".{path.name}.{socket.gethostname()}-{uuid.uuid4().hex}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise SweepError(f"{path}: cannot be written: {error.strerror or error}") from error


def sealed(content: bytes) -> bytes:
    """Return the content with its digest before it."""
    return hashlib.sha256(content).digest() + content


def unsealed(content: bytes) -> bytes | None:
    """Return what was sealed; None where it is damaged."""
    seal, inside = content[:DIGEST], content[DIGEST:]
    return inside if hashlib.sha256(inside).digest() == seal else None
