"""How far a sweep is, for people who wait for it and for those who look into its folder."""

import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal


@dataclass
class Progress:
    """How far a sweep is; changes while it runs.

    Parameters
    ----------
    total : int
        Cells of the grid.
    done : int
        Cells whose result is there, those of earlier sweeps included.
    before : int
        Cells that were done before.
    failed : int
        Cells that cannot be simulated.
    began : float
        When the first cell was handed out, by a clock that only counts seconds.
    state : str
        Looking for what is there, running, finished, or stopped with cells missing.
    """

    total: int
    done: int = 0
    before: int = 0
    failed: int = 0
    began: float = field(default_factory=time.monotonic)
    state: Literal["looking", "running", "finished", "stopped"] = "looking"

    @property
    def seconds(self) -> float:
        """How long cells have been simulated."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Cells a second that were simulated."""
        return (self.done - self.before) / max(self.seconds, 1e-9)

    @property
    def left(self) -> float:
        """Seconds that the rest should take; NaN where that is not known."""
        missing = self.total - self.done - self.failed
        return missing / self.rate if self.rate > 0 else float("nan")

    def told(self) -> dict[str, object]:
        """Return what the folder of a sweep says of it."""
        known = asdict(self)
        del known["began"]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        left = None if self.left != self.left else round(self.left, 1)
        more = {"rate": round(self.rate, 3), "left": left, "host": socket.gethostname()}
        return {**known, "seconds": round(self.seconds, 1), **more, "time": now}


# Called after each report, and with what is to be said at once.
Watch = Callable[[Progress], None]


class Log:
    """The log file of a sweep: a line for whatever is worth knowing afterwards."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def say(self, text: str) -> None:
        """Add a line, with the time; a log that cannot be written stops no sweep."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(f"{now} {line}\n" for line in text.splitlines())
        except OSError:
            return
