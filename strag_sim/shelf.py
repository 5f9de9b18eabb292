"""JSON files with a checksum: some come with the package and have a name, others have a path."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from strag_sim.errors import ScenarioError
from strag_sim.hints import did_you_mean

MANY = 40  # names that a message does not repeat


@dataclass(frozen=True)
class Shelf:
    """Where files of one kind stand, and what is said of one that cannot be used.

    Parameters
    ----------
    room : str
        The package whose folder ``data`` holds the shipped ones.
    key : str
        What names one in a scenario.
    listed : str
        What lists them on the command line.
    noun : str
        What a file must be.
    error : type
        Raised with a text that names the file and what it must do.
    """

    room: str
    key: str
    listed: str
    noun: str
    error: type[ScenarioError]

    def names(self) -> list[str]:
        """Return the names of the shipped files, sorted."""
        files = (Path(entry.name) for entry in self._shipped().iterdir())
        return sorted(file.stem for file in files if file.suffix == ".json")

    def found(self, name_or_path: str, folder: Path | None = None) -> tuple[str, bytes]:
        """Return what a shipped file is called and holds, or the one at a path.

        Relative paths begin at ``folder``, by default the current one.
        """
        if is_path(name_or_path):
            path = (folder or Path()) / name_or_path
            return str(path), self._bytes_of(path)
        if name_or_path not in self.names():
            raise self.error(self._unknown(name_or_path))
        return name_or_path, self._shipped().joinpath(f"{name_or_path}.json").read_bytes()

    def parsed(self, where: str, raw: bytes) -> dict[str, Any]:
        """Return the JSON object of a file; NaN and infinities, which JSON lacks, are refused."""
        try:
            content = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise self.wrong(
                where, f"be JSON, but is not ({error}); is the file cut short?"
            ) from error
        if not isinstance(content, dict):
            raise self.wrong(
                where, f"be a JSON object with the keys of a {self.noun.removeprefix('a ')}"
            )
        return content

    def check_digest(self, where: str, content: Mapping[str, Any], remedy: str) -> None:
        """Raise an error unless what a file holds fits its ``sha256``."""
        stated = content.get("sha256")
        if stated != digest(content):
            raise self.wrong(
                where,
                f"fit its sha256 {str(stated)[:12]}..., but what it holds gives "
                f"{digest(content)[:12]}...; the file was changed or damaged since it was written "
                f"({remedy})",
            )

    def wrong(self, where: str, wanted: str) -> ScenarioError:
        """Return the error that names a file and what it must do."""
        return self.error(f"{self.key}: {where!r} is not allowed; {self.noun} must {wanted}")

    def _shipped(self) -> Any:
        """Return the folder of shipped files, wherever the package is installed."""
        return resources.files(self.room).joinpath("data")

    def _unknown(self, name: str) -> str:
        """Return the message for a name that no shipped file has."""
        names = self.names()
        known = ", ".join(names) if len(names) <= MANY else f"those of strag-sim list {self.listed}"
        return (
            f"{self.key}: {name!r} is not allowed; {self.key} must be one of {known}, or a path "
            f"ending in .json{did_you_mean(name, names)}"
        )

    def _bytes_of(self, path: Path) -> bytes:
        """Return what stands in a file."""
        try:
            return path.read_bytes()
        except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
            reason = getattr(error, "strerror", None) or str(error)
            raise self.wrong(str(path), f"be a file that can be read ({reason})") from error


def is_path(name_or_path: str) -> bool:
    """Tell a path (it holds a slash or ends in ``.json``) from a shipped file's name."""
    return "/" in name_or_path or "\\" in name_or_path or name_or_path.endswith(".json")


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of the canonical JSON of all but the key ``sha256``.

    Canonical: keys sorted, no blanks, ASCII, numbers as Python writes them; so how a file is laid
    out does not matter, and what it says does.
    """
    rest = {key: value for key, value in content.items() if key != "sha256"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def is_number(value: Any) -> bool:
    """Tell whether it is a number that a double holds."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")
