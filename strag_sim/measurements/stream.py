"""Where measured times come from: a file or standard input, as bytes or as text that is checked."""

import codecs
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from strag_sim.errors import MeasurementsError

# A longer line is no row of a table; it is refused before it fills the memory.
LONGEST_LINE = 2**22
BUFFER = 2**20
_BOM = b"\xef\xbb\xbf"

# How files begin that are something else than their name says.
_HEADS = (
    (b"PAR1", "parquet", "say --format parquet"),
    (b"\x93NUMPY", "npy", "say --format npy"),
    (b"PK\x03\x04", "a zip archive", "npz is read with --format npz; save a spreadsheet as CSV"),
    (b"\x1f\x8b", "compressed by gzip", "unpack it: gzip -dc FILE | strag-sim import - --format F"),
    (b"\x80\x02", "a pickle", "no pickle is ever loaded; save the numbers as CSV, npy or parquet"),
    (b"\x80\x03", "a pickle", "no pickle is ever loaded; save the numbers as CSV, npy or parquet"),
    (b"\x80\x04", "a pickle", "no pickle is ever loaded; save the numbers as CSV, npy or parquet"),
    (b"\x80\x05", "a pickle", "no pickle is ever loaded; save the numbers as CSV, npy or parquet"),
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE"),
)


@dataclass(frozen=True)
class Stream:
    """An open file of measured times: its name in messages, its bytes, how it begins."""

    name: str
    raw: BinaryIO
    head: bytes

    def wrong(self, text: str) -> MeasurementsError:
        """Return the error that names the file."""
        return MeasurementsError(f"{self.name}: {text}")

    def is_not(self, form: str, reason: str = "") -> MeasurementsError:
        """Return the error of a file that is not of its format; it says what the file looks like.

        ``reason`` is what the reader said.
        """
        for start, what, todo in _HEADS:
            if self.head.startswith(start) and what != form:
                return self.wrong(f"is not {form}: it looks like {what}; {todo}")
        why = f" ({reason.strip().splitlines()[0]})" if reason.strip() else ""
        return self.wrong(f"is not {form}, or is cut short or damaged{why}; write it anew")

    def text(self, *, lines: bool = True) -> "Text":
        """Return the bytes as UTF-8 text, checked while it is read; also that lines have an end."""
        if any(self.head.startswith(start) for start, *_ in _HEADS):
            raise self.is_not("text")
        return Text(self, lines=lines)

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """Give the bytes to be read in any order; those of a pipe are kept in a file meanwhile."""
        if self.raw.seekable():
            yield self.raw
            return
        with tempfile.TemporaryFile() as file:
            shutil.copyfileobj(self.raw, file, BUFFER)
            file.seek(0)
            yield file


@contextmanager
def opened(source: Path | BinaryIO, name: str) -> Iterator[Stream]:
    """Open a file, or take a stream of bytes such as standard input; an empty one is refused."""
    if not isinstance(source, Path):
        yield _stream(source, name)
        return
    try:
        file = source.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a path with a zero byte
        raise MeasurementsError(f"{name}: cannot be read: {_reason(error)}") from error
    with file:
        try:
            yield _stream(file, name)
        except OSError as error:
            raise MeasurementsError(f"{name}: cannot be read: {_reason(error)}") from error


def _stream(raw: BinaryIO, name: str) -> Stream:
    """Return the stream with its first bytes looked at."""
    peeking = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(_Raw(raw), BUFFER)
    head = peeking.peek(8)[:8]
    if not head:
        raise MeasurementsError(f"{name}: is empty; it must hold at least one measured time")
    return Stream(name, peeking, head)


def _reason(error: Exception) -> str:
    """Return why the system says no."""
    return getattr(error, "strerror", None) or str(error)


class _Raw(io.RawIOBase):
    """Any object that can be read, as what a buffered reader reads."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: Any) -> int:
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Text(io.RawIOBase):
    """UTF-8 text as bytes: without its byte order mark, lines bounded, every letter checked."""

    def __init__(self, stream: Stream, *, lines: bool) -> None:
        super().__init__()
        self._stream, self._lines = stream, lines
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._line = 1
        self._run = 0  # bytes since the last end of a line
        self._pending = self._read(BUFFER).removeprefix(_BOM)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer what is checked; return the number of bytes."""
        data = self._pending or self._read(len(buffer))
        given, self._pending = data[: len(buffer)], data[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)

    def first_line(self) -> bytes:
        """Return the first line without its end; it is read again, unless it is skipped."""
        while b"\n" not in self._pending and (data := self._read(BUFFER)):
            self._pending += data
        return self._pending.partition(b"\n")[0]

    def skip_line(self) -> None:
        """Pass over the first line."""
        self._pending = self._pending.partition(b"\n")[2]

    def begins_with(self, start: bytes) -> bool:
        """Tell what the first letters of the text are, blanks apart."""
        return self._pending.lstrip().startswith(start)

    def is_over(self) -> bool:
        """Tell whether nothing but blanks is left; of much text only the next part is looked at."""
        self._pending = self._pending or self._read(BUFFER)
        return not self._pending.strip()

    def _read(self, size: int) -> bytes:
        """Return the next bytes, checked."""
        data = self._stream.raw.read(size)
        try:
            self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            raise self._not_utf8(error) from None
        if b"\0" in data:
            raise self._stream.wrong(
                "holds zero bytes, so it is binary or UTF-16; save it as UTF-8 text, "
                "or say its --format"
            )
        self._bound(data)
        return data

    def _not_utf8(self, error: UnicodeDecodeError) -> MeasurementsError:
        """Return the error of a byte that is no UTF-8."""
        line = self._line + error.object[: error.start].count(b"\n")
        return self._stream.wrong(
            f"is not UTF-8 text (byte 0x{error.object[error.start]:02x} in line {line:,}); "
            "save it as UTF-8, such as by: iconv -f LATIN1 -t UTF-8 FILE"
        )

    def _bound(self, data: bytes) -> None:
        """Refuse a line without an end."""
        end = data.rfind(b"\n")
        self._run = self._run + len(data) if end < 0 else len(data) - end - 1
        if self._lines and self._run > LONGEST_LINE:
            raise self._stream.wrong(
                f"line {self._line:,} is longer than {LONGEST_LINE // 2**20} MiB, "
                "as no row of a table of times is; put every row on a line of its own"
            )
        self._line += data.count(b"\n")
