"""Where the result of a page comes from, and how it is made again."""

import base64
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from strag_sim.results import Result

# What the head of the page tells already, or its warnings.
ELSEWHERE = ("name", "notes", "interrupted", "versions", "machine", "git", "command")
NAMES = {"seconds": "seconds taken", "files": "file", "profiles": "profile", "time": "made at"}


def rows(result: Result) -> list[tuple[str, str]]:
    """Return what is known of how the result was made: names and values, in reading order."""
    known = result.provenance
    return [
        *_flat(known, "versions"),
        *_flat(known, "machine"),
        ("commit", _commit(known.get("git"))),
        *_others(known),
    ]


def command(result: Result) -> str:
    """Return the command that made the result as it was given; empty where Python made it."""
    given = result.provenance.get("command")
    if not isinstance(given, list) or len(given) < 2 or given[1] != "run":
        return ""
    return shlex.join(["strag-sim", *map(str, given[1:])])


def again(result: Result) -> str:
    """Return the command that makes the result again from the scenario on the page."""
    given = ["strag-sim", "run", f"{result.provenance.get('name', 'scenario')}.yaml"]
    if result.provenance.get("engine") not in (None, "compiled"):
        given += ["--engine", str(result.provenance["engine"])]
    recorded = [name for name in ("tasks", "requests") if has(result, name)]
    if recorded:
        given += ["--record", recorded[0]]
    if "attribution" in result.tables:
        given.append("--attribution")
    return shlex.join(given)


def has(result: Result, name: str) -> bool:
    """Return whether the rows of requests or tasks were recorded."""
    if result.folder is not None:
        return (Path(result.folder) / f"{name}.parquet").is_file()
    runs = (run for sample in result.samples for run in sample.runs)
    kept = {"requests": "requests", "tasks": "log"}[name]
    return any(getattr(run, kept) is not None for run in runs)


def as_link(text: str) -> str:
    """Return a text as an address that needs no network."""
    return f"data:text/yaml;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def _flat(known: Mapping[str, object], name: str) -> Iterator[tuple[str, str]]:
    """Yield the rows of a mapping within the provenance."""
    found = known.get(name)
    if isinstance(found, Mapping):
        yield from ((str(key), str(value)) for key, value in found.items())


def _commit(git: object) -> str:
    """Return the commit, and whether files differed from it."""
    if not isinstance(git, Mapping):
        return "none: not run in a repository"
    return f"{git['commit']}{' and changes to it' if git['changed'] else ''}"


def _others(known: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what else is known; of mappings (files and profiles, with digests) a row an entry."""
    for name, value in known.items():
        if name in ELSEWHERE or value in (None, {}, []):
            continue
        if isinstance(value, Mapping):
            yield from ((f"{NAMES.get(name, name)} {key}", str(of)) for key, of in value.items())
        else:
            yield NAMES.get(name, name), str(value)
