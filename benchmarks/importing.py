"""How long ``strag-sim import`` takes for many rows, and how much memory.

    python benchmarks/importing.py                 # 10,000,000 rows of every format
    python benchmarks/importing.py --rows 1000000

Each row is a worker, a step and a time. Every file is imported by a process of its own, from the
command line, with statistics, ordering and a profile written; its peak is the resident memory that
the system reports.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

WORKERS = 100
PIECE = 100_000


def table(rows: int, seed: int = 1) -> pa.Table:
    """Return rows of measured times."""
    rng = np.random.default_rng(seed)
    step, worker = np.divmod(np.arange(rows), WORKERS)
    return pa.table({"worker": worker, "step": step, "time": rng.lognormal(-3, 0.5, rows)})


def texts(path: Path, whole: pa.Table, start: str, between: str, end: str) -> None:
    """Write rows as JSON objects."""
    with path.open("w", encoding="utf-8") as file:
        file.write(start)
        for batch in whole.to_batches(PIECE):
            file.write(between if file.tell() > len(start) else "")
            file.write(
                between.join(
                    f'{{"worker": {w}, "step": {s}, "time": {t!r}}}'
                    for w, s, t in zip(*(c.to_pylist() for c in batch.columns), strict=True)
                )
            )
        file.write(end)


def write(folder: Path, rows: int) -> list[Path]:
    """Write the rows in every format."""
    whole = table(rows)
    pacsv.write_csv(whole, folder / "rows.csv")
    pacsv.write_csv(whole, folder / "rows.tsv", pacsv.WriteOptions(delimiter="\t"))
    pq.write_table(whole, folder / "rows.parquet")
    columns = {name: whole[name].to_numpy() for name in whole.column_names}
    record = np.rec.fromarrays(list(columns.values()), names=list(columns))
    np.save(folder / "rows.npy", np.asarray(record), allow_pickle=False)
    np.savez_compressed(folder / "rows.npz", **columns)
    texts(folder / "rows.jsonl", whole, "", "\n", "\n")
    texts(folder / "rows.json", whole, "[", ", ", "]")
    return sorted(folder.iterdir())


def measured(path: Path, output: Path) -> tuple[float, float, int]:
    """Import a file; return the seconds it took, its peak in MB, and its exit code."""
    command = [sys.executable, "-m", "strag_sim", "import", str(path), "--column", "time"]
    command += ["--group", "worker", "--order", "step", "-o", str(output), "--force"]
    start = time.perf_counter()
    process = os.posix_spawn(
        sys.executable,
        command,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)
        ],
    )
    _, status, usage = os.wait4(process, 0)
    took = time.perf_counter() - start
    return took, usage.ru_maxrss * 1024 / 1e6, os.waitstatus_to_exitcode(status)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        print(f"{rows:,} rows, {WORKERS} workers")
        print(f"{'format':10s} {'file':>9s} {'time':>8s} {'peak memory':>12s}  exit code")
        # In another process: what this one has held would count as held by those it starts.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            paths = pool.apply(write, (Path(folder), rows))
        for path in paths:
            took, peak, code = measured(path, Path(folder) / "profile.json")
            size = path.stat().st_size / 1e6
            print(f"{path.suffix[1:]:10s} {size:6.0f} MB {took:6.1f} s {peak:9.0f} MB  {code}")


if __name__ == "__main__":
    main()
