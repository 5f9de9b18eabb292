"""Broken files of measured times, each with the phrase that its one message must hold."""

import gzip
import io
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

TIME = ("--column", "time")
BY_WORKER = ("--column", "time", "--group", "worker", "--order", "step")


@dataclass(frozen=True)
class Broken:
    """A file that cannot be taken in: what it holds, the options beside it, and the phrase."""

    name: str
    content: bytes | Callable[[], bytes] | None
    phrase: str
    options: tuple[str, ...] = ()

    def write(self, folder: Path) -> Path:
        """Write the file, unless it is one that is not there; return its path."""
        path = folder / self.name
        content = self.content() if callable(self.content) else self.content
        if content is not None:
            path.write_bytes(content)
        return path


def npy(array: Any, **options: Any) -> bytes:
    """Return an npy file."""
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def npz(**arrays: Any) -> bytes:
    """Return an npz file."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def parquet(**columns: Any) -> bytes:
    """Return a parquet file."""
    file = io.BytesIO()
    pd.DataFrame(columns).to_parquet(file)
    return file.getvalue()


def zipped(name: str) -> bytes:
    """Return a zip archive with one text in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "1\n2\n")
    return file.getvalue()


class Bomb:
    """What a pickle could do when it is loaded."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Load by leaving a file where tests look for none."""
        return (Path.touch, (Path("loaded.json"),))


OBJECTS = np.array([1.0, None, "x"], dtype=object)
TIMES = np.linspace(1, 2, 5000)

BROKEN = [
    # Nothing there.
    Broken("missing.csv", None, "cannot be read: No such file or directory"),
    Broken("empty.csv", b"", "is empty; it must hold at least one measured time"),
    Broken("empty.parquet", b"", "is empty"),
    Broken("empty.npy", b"", "is empty"),
    Broken("empty.json", b"", "is empty"),
    Broken("empty-array.json", b"[]", "holds no rows"),
    Broken("empty-array.npy", npy(np.zeros(0)), "holds no rows"),
    Broken("no-columns.npy", npy(np.zeros((5, 0))), "holds no rows", ("--wide",)),
    Broken("blank.csv", b"\n\n", "line 1 is blank; it must name the columns"),
    Broken("header-only.csv", b"worker,step,time\n", "holds no rows", BY_WORKER),
    Broken("header-without-end.csv", b"time", "holds no rows"),
    Broken("header-and-blank.tsv", b"time\n\n\n", "holds no rows"),
    # Text that is none, or another one.
    Broken("latin1.csv", "zeit,größe\n1,2\n".encode("latin-1"), "is not UTF-8 text (byte 0xf6 in"),
    Broken("latin1-later.csv", b"time\n1\n2\n\xe9\n", "0xe9 in line 4); save it as UTF-8"),
    Broken("cut-letter.csv", "time\n1\n2 µ".encode()[:-1], "is not UTF-8 text"),
    Broken("utf16.csv", "time\n1\n2\n".encode("utf-16"), "it looks like UTF-16 text; save it as"),
    Broken("utf16-unmarked.csv", "time\n1\n".encode("utf-16-le"), "holds zero bytes"),
    Broken("gzipped.csv", gzip.compress(b"time\n1\n"), "it looks like compressed by gzip; unpack"),
    Broken("excel.csv", zipped("xl/sheet.xml"), "it looks like a zip archive"),
    Broken("old-mac.csv", b"time\r1\r2\r", "end as on old Macs"),
    Broken("semicolons.csv", b"time;worker\n1;2\n", "between columns and '.' in numbers"),
    Broken("tabs.csv", b"time\tworker\n1\t2\n", r"separated by '\t'; say --format tsv"),
    Broken(
        "ragged.csv",
        b"time,worker\n1,2\n3\n4,5,6\n",
        "2 not a row of its table (first: row 2",
        TIME,
    ),
    Broken("open-quote.csv", b'time,a\n"1,2\n3,4\n', "not a row of its table", TIME),
    Broken("long-line.csv", lambda: b"time\n" + b"1," * 2**22 + b"1\n", "is longer than 4 MiB"),
    Broken("long-head.csv", lambda: b"1," * 2**22, "is longer than 4 MiB"),
    Broken("columns.csv", lambda: b"1.5," * 200_000 + b"1\n", "has 200,001 columns; at most 100,0"),
    Broken("notes.txt", b"time\n1\n", "--format must be one of csv, tsv, json, jsonl, parquet"),
    # Numbers that are no times.
    Broken("mixed-units.csv", b"time\n20 ms\n20\n", "some times carry a unit (ms) and others none"),
    Broken("conflict.csv", b"time\n20 ms\n3 ms\n", "times carry units (ms)", ("--unit", "s")),
    Broken("factors.csv", b"time\n20 ms\n3 ms\n", "times carry units (ms)", ("--unit", "ratio")),
    Broken(
        "unknown-unit.csv", b"time\n2 parsec\n3\n1 x\n", "2 a unit that is not known (first: row"
    ),
    Broken("wrong-unit.csv", b"time\n2\n", "unit must be one of ns, us, ms", ("--unit", "msec")),
    Broken("negative.csv", b"time\n-1\n-2\n3\n", "2 of 3 rows cannot be used, which is more than"),
    Broken("nan.csv", b"time\nNaN\nnan\n", "2 NaN (first: row 1, 'NaN')"),
    Broken("nan.npy", npy(np.full(9, np.nan)), "9 NaN (first: row 1, nan)"),
    Broken("infinite.csv", b"time\ninf\n-inf\n1e999\n", "3 infinite"),
    Broken("zero.csv", b"time\n0\n-0.0\n0.0\n", "3 zero"),
    Broken("empty-cells.csv", b'time,a\n,1\n,2\n" ",3\n', "3 empty", ("--column", "time")),
    Broken("words.csv", b"time\nfast\nslow\n", "2 not a number (first: row 1, 'fast')"),
    Broken("commas.tsv", b"time\tw\n0,5\t1\n0,7\t1\n", "'0,5'", ("--column", "time")),
    Broken("true.parquet", parquet(time=[True, False]), "2 not a number"),
    Broken("lists.parquet", parquet(time=[[1.0], [2.0]]), "2 not a number"),
    # Columns.
    Broken("typo.csv", b"worker,step,tim\n1,1,1\n", "did you mean 'tim'?", BY_WORKER),
    Broken("which.csv", b"a,b,c\n1,2,3\n", "--column is missing; it must be one of a, b, c"),
    Broken("twice.csv", b"time,time\n1,2\n", "names 2 columns", ("--column", "time")),
    Broken(
        "both.csv", b"a,b\n1,2\n", "--group is not allowed with --wide", ("--wide", "--group", "a")
    ),
    Broken("several.csv", b"a,b\n1,2\n", "add --wide", ("--column", "a", "--column", "b")),
    Broken("no-worker.csv", b"worker,step,time\n,1,1\n,2,2\n", "2 no worker", BY_WORKER),
    Broken("no-order.csv", b"worker,step,time\na,,1\nb,soon,2\n", "2 no order", BY_WORKER),
    Broken(
        "lists-of-workers.parquet",
        parquet(time=[1.0], worker=[[1]], step=[1]),
        "which names no worker",
        BY_WORKER,
    ),
    # npy and npz.
    Broken("pickle.npy", pickle.dumps(Bomb()), "looks like a pickle; no pickle is ever loaded"),
    Broken("pickle.csv", pickle.dumps(Bomb()), "looks like a pickle; no pickle is ever loaded"),
    Broken("pickle0.npy", pickle.dumps(Bomb(), protocol=0), "is not npy"),
    Broken("objects.npy", npy(OBJECTS, allow_pickle=True), "a pickle, and no pickle is ever"),
    Broken("objects.npz", npz(time=OBJECTS), "a pickle, and no pickle is ever loaded"),
    Broken("one-object.npz", npz(time=OBJECTS, a=TIMES[:3]), "no pickle", ("--column", "time")),
    Broken("complex.npy", npy(TIMES * 1j), "holds complex128, which are no times"),
    Broken("cube.npy", npy(TIMES.reshape(10, 5, 100)), "it must have one dimension"),
    Broken("scalar.npy", npy(np.float64(3)), "it must have one dimension"),
    Broken("cut-head.npy", npy(TIMES)[:40], "is cut short"),
    Broken("cut.npy", npy(TIMES)[:-9], "is cut short: its head says shape (5000,)"),
    Broken("cut.npz", npz(time=TIMES)[:-9], "is not npz"),
    Broken("no-arrays.npz", zipped("a.txt"), "is a zip archive without arrays"),
    Broken(
        "lengths.npz", npz(a=TIMES, b=TIMES[1:]), "one length", ("--column", "a", "--order", "b")
    ),
    # parquet.
    Broken("cut.parquet", parquet(time=TIMES)[:-30], "is not parquet, or is cut short or damaged"),
    Broken("cut-twice.parquet", parquet(time=TIMES)[100:], "is not parquet, or is cut short"),
    Broken("csv.parquet", b"time\n1\n2\n", "is not parquet"),
    Broken("npy.parquet", npy(TIMES), "it looks like npy; say --format npy"),
    Broken("parquet.csv", parquet(time=TIMES), "it looks like parquet; say --format parquet"),
    # JSON.
    Broken("cut.json", b'[{"time": 1}, {"time"', "is not JSON, or is cut short"),
    Broken("not.json", b"time\n1\n", "is not a JSON array"),
    Broken("nan.json", b"[NaN, NaN]", "2 NaN (first: row 1, nan)"),
    Broken("object.json", b'{"times": [1, 2]}', "is a JSON object; it must be an array"),
    Broken("more.json", b"[1, 2] [3]", "more follows the array"),
    Broken("no-comma.json", b"[1, 2 3]", "no comma after"),
    Broken("number.json", b"3", "is not a JSON array"),
    Broken("deep.json", b"[" * 100_000, "nested too deeply"),
    Broken("endless.json", lambda: b"[[" + b"1, " * 2**21 + b"1", "a row is longer than 4 MiB"),
    Broken("columns.json", lambda: b"[[" + b"1, " * 2**17 + b"1]]", "has 131,073 columns; at most"),
    Broken(
        "broken.jsonl", b'{"time": 1}\n{"time":\n2}\n', "2 not a row of its table (first: row 2"
    ),
    Broken("nested.jsonl", b"[" * 10_000 + b"\n", "holds no rows"),
    Broken("kinds.jsonl", b'{"time": true}\n{"time": "x"}\n', "2 not a number"),
]
