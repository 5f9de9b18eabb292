"""The commands that print: show, list, new, schema."""

import json
from pathlib import Path
from typing import Any

import pytest
from by_batch import DEVICE, point, write
from click.testing import CliRunner
from jsonschema import Draft7Validator
from wrong_scenarios import text

from strag_sim import accuracies, arrivals, distributions, policies, profiles, slowdown
from strag_sim.cli import main
from strag_sim.errors import ScenarioError
from strag_sim.scenario import load, plain, schema
from strag_sim.scenario.reading import read

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("strag_sim/**/starters/*.yaml")])


def test_show_prints_what_loads_as_the_same(tmp_path: Path) -> None:
    """show writes every default out; overrides are in it."""
    path = tmp_path / "right.yaml"
    path.write_text(text())

    shown = CliRunner().invoke(main, ["show", str(path), "--set", "runs=7"])
    as_json = CliRunner().invoke(main, ["show", str(path), "--json"])

    assert load(shown.stdout) == load(path, overrides=["runs=7"])
    assert "label: none" in shown.stdout
    assert json.loads(as_json.stdout)["requests"] == 20_000
    assert CliRunner().invoke(main, ["show", str(path), "--set", "runs=x"]).exit_code == 2


def test_show_costs(tmp_path: Path) -> None:
    """A line a policy, as text and as JSON; an oracle, which runs on nothing, has none."""
    path = tmp_path / "costs.yaml"
    kinds = "[{kind: none}, {kind: replication, copies: 2, label: twice}, {kind: oracle}]"
    given = "{numbers: 8, bytes: 125_000}"
    path.write_text(text(input=given, network="{bandwidth: 1 Gbit/s}", policies=kinds))

    shown = CliRunner().invoke(main, ["show", str(path), "--costs"]).stdout
    rows = json.loads(CliRunner().invoke(main, ["show", str(path), "--costs", "--json"]).stdout)

    assert shown.splitlines() == [
        "policy        own task  redundant task  per request  encode  decode",
        "none    125 kB in 1 ms               -       125 kB       -       -",
        "twice   125 kB in 1 ms  125 kB in 1 ms       250 kB       -       -",
    ]
    assert [row["label"] for row in rows] == ["none", "twice"]
    assert rows[0]["own_bytes"] == 125_000
    assert (rows[0]["own_transfer"], rows[0]["redundant_transfer"]) == (0.001, None)


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("policies", list(policies.KINDS)),
        ("distributions", list(distributions.KINDS)),
        ("arrivals", list(arrivals.KINDS)),
        ("slowdown", list(slowdown.KINDS)),
        ("envelopes", ["azure-code", "azure-conversation"]),
        ("profiles", profiles.names()),
        ("accuracies", accuracies.names()),
        ("placements", ["random", "round-robin"]),
        ("scenarios", ["basic", "closed_loop", "coded", "ensemble"]),
    ],
)
def test_list(what: str, names: list[str]) -> None:
    """list names everything there is, with a line on each, as text and as JSON."""
    plain = CliRunner().invoke(main, ["list", what])
    items = json.loads(CliRunner().invoke(main, ["list", what, "--json"]).stdout)[what]

    assert [item["name"] for item in items][: len(names)] == names
    assert all(item["what"] for item in items)
    assert all(f"  {name}: " in plain.stdout for name in names)


def test_list_shows_parameters() -> None:
    """Parameters come with their type, and their default or that they are required."""
    shown = CliRunner().invoke(main, ["list"]).stdout

    assert "      delay: time or text (required)\n      hedges: whole number = 1\n" in shown
    assert "parts: list of part (required)" in shown
    assert "per_worker: true or false = false" in shown  # as YAML has it


def test_list_shows_what_profiles_hold() -> None:
    """The numbers are fields of their own; a law from published parameters has no n."""
    plain = CliRunner().invoke(main, ["list", "profiles"]).stdout
    listed = json.loads(CliRunner().invoke(main, ["list", "profiles", "--json"]).stdout)
    found = {item["name"]: item["measured"] for item in listed["profiles"]}

    aws, ratio = found["faas-aws"], found["azure-fresh-vm-memset"]
    assert (aws["n"], aws["unit"], aws["machines"]) == (200, "s", 0)
    assert aws["mean"] == pytest.approx(1.0674, rel=1e-3)
    assert aws["cv"] == pytest.approx(0.035, abs=0.001)
    assert aws["p99_over_p50"] == pytest.approx(1.106, abs=0.001)
    assert aws["licence"].startswith("Apache-2.0")
    assert (ratio["unit"], found["collage-vm"]["machines"]) == ("ratio", 50)
    assert "  faas-aws: n 200, mean 1.07 s, CV 0.03, p99/p50 1.11\n" in plain
    assert "  azure-fresh-vm-memset: n 10,625, mean 1.04 (ratio), CV 0.13, p99/p50 1.63\n" in plain
    assert "  pbs-linkedin-ssd: n from published parameters, mean 291 us, CV 0.70, " in plain
    assert all(f"      {each['source']}\n" in plain for each in found.values())


def test_list_shows_on_what_profiles_were_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The device, batch sizes and concurrencies, where the file says them: as text and as JSON."""
    from strag_sim.cli.listing import _print_tables
    from strag_sim.scenario.catalogue import catalogue

    path = write(tmp_path / "x.json", point(1), point(4, 2), point(2))
    monkeypatch.setattr(profiles, "names", lambda: ["faas-aws", path])
    plain = CliRunner().invoke(main, ["list", "profiles"]).stdout
    listed = json.loads(CliRunner().invoke(main, ["list", "profiles", "--json"]).stdout)
    aws, made = (item["measured"] for item in listed["profiles"])
    _print_tables({"profiles": catalogue("profiles")})

    said = f"measured on {DEVICE} with batches of 1, 2, 4 at concurrency 1, 2"
    assert (aws["device"], aws["batches"], aws["concurrencies"]) == ("", [], [])
    assert (made["device"], made["batches"], made["concurrencies"]) == (DEVICE, [1, 2, 4], [1, 2])
    assert f"      A model that nobody ran.\n      {said}\n      This test.\n" in plain
    assert plain.count("measured on ") == 1
    assert " ".join(capsys.readouterr().out.split()).count(said) == 1


def test_list_shows_what_tables_of_accuracies_hold() -> None:
    """The code, the bare model, and the value by number returned."""
    plain = CliRunner().invoke(main, ["list", "accuracies"]).stdout
    listed = json.loads(CliRunner().invoke(main, ["list", "accuracies", "--json"]).stdout)
    found = {item["name"]: item["accuracy"] for item in listed["accuracies"]}

    assert (
        "  parm-cifar-10-2: code parity 2 in 3, uncoded 93.4 %, "
        "returned 2: 87.3 %\n      Parity models on CIFAR-10, k = 2\n"
    ) in plain
    assert found["parm-cifar-10-2"]["numbers"] == {"2": 0.873}
    assert found["approxifer-mnist-8-2"]["note"].startswith("K = 8 is what the figure says")
    assert all(f"      {each['source']}\n" in plain for each in found.values())


def test_tables_of_accuracies_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A terminal gets a table with these columns, and sources below it."""
    from strag_sim.cli.listing import _print_tables
    from strag_sim.scenario.catalogue import catalogue

    _print_tables({"accuracies": catalogue("accuracies")})

    shown = capsys.readouterr().out
    assert all(word in shown for word in ("uncoded", "returned", "parity 2 in 3", "2: 87.3 %"))
    assert "parm-cifar-10-2: Kosaian" in shown


def test_tables_of_profiles_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A terminal gets a table with a column for each number."""
    from strag_sim.cli.listing import _print_tables
    from strag_sim.scenario.catalogue import catalogue

    _print_tables({"profiles": catalogue("profiles"), "arrivals": catalogue("arrivals")})

    shown = capsys.readouterr().out
    assert all(word in shown for word in ("p99/p50", "CV", "parameters", "faas-aws: "))


def test_new_scenarios_validate_and_are_never_overwritten(tmp_path: Path) -> None:
    """Every starter is commented and right; an existing file is kept unless --force is given."""
    path = tmp_path / "mine.yaml"
    for name in ("basic", "coded", "closed_loop"):
        written = CliRunner().invoke(main, ["new", name, "-o", str(path), "--force"])
        assert written.exit_code == 0
        assert CliRunner().invoke(main, ["validate", str(path)]).exit_code == 0

    kept = path.read_text()
    refused = CliRunner().invoke(main, ["new", "-o", str(path)])

    assert refused.exit_code == 2
    assert "exists already; --force overwrites it" in refused.stderr
    assert path.read_text() == kept
    assert CliRunner().invoke(main, ["new"]).stdout.startswith("# ")


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["new", "basik"], "did you mean 'basic'?"),
        (["new", "-o", "/nowhere/at/all.yaml"], "cannot be written"),
        (["schema", "-o", "/"], "/"),
    ],
)
def test_what_cannot_be_written(arguments: list[str], phrase: str) -> None:
    """Wrong templates and places give one message and exit code 2."""
    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 2
    assert phrase in result.stderr
    assert "Traceback" not in result.output


def test_schema_is_whole(tmp_path: Path) -> None:
    """Every reference of the schema has its definition; every kind is in it once."""
    path = tmp_path / "schema.json"
    CliRunner().invoke(main, ["schema", "-o", str(path)])
    schema = json.loads(path.read_text())
    assert json.loads(CliRunner().invoke(main, ["schema"]).stdout) == schema

    references = {node["$ref"].removeprefix("#/definitions/") for node in _nodes(schema, "$ref")}
    kinds = [
        node["kind"]["const"]
        for node in _nodes(schema["definitions"], "kind")
        if "const" in node["kind"]
    ]

    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert references <= set(schema["definitions"])
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"arrivals", "policies"}
    either = [[*option["required"]] for pair in schema["allOf"] for option in pair["anyOf"]]
    assert either == [["service"], ["models"], ["workers"], ["devices"]]
    families = (policies, distributions, arrivals, slowdown)
    assert set(kinds) == {kind for family in families for kind in family.KINDS}
    collage = schema["definitions"]["policy-collage"]
    assert {"kind", "grid", "cancel", "workers", "label"} <= set(collage["properties"])


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    """Return what an editor does with the schema."""
    Draft7Validator.check_schema(schema())
    return Draft7Validator(schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_editors_accept_shipped_scenarios(path: Path, validator: Draft7Validator) -> None:
    """As they are written, and with every default written out."""
    written = [read(path).value, plain(load(path))]

    assert [error.message for data in written for error in validator.iter_errors(data)] == []


def test_editors_accept_models(validator: Draft7Validator) -> None:
    """The key of a model is its name; a second name is refused, by load too."""
    service = "service: {kind: exponential, mean: 1 ms}"
    kinds = "[{kind: collage, grid: 2, model: small}]"
    right = text(models=f"{{small: {{{service}, accuracy: 0.8}}}}", policies=kinds)
    wrong = text(models=f"{{small: {{{service}, name: big}}}}", policies=kinds)

    assert load(right).models[0].name == "small"
    assert validator.is_valid(read(right).value)
    assert not validator.is_valid(read(wrong).value)
    with pytest.raises(ScenarioError, match="models.small.name: unknown key"):
        load(wrong)


@pytest.mark.parametrize(
    "keys",
    [
        {"seeed": "3"},
        {"service": ""},
        {"runs": "0"},
        {"policies": "[{kind: hege, delay: 1}]"},
        {"policies": "[{kind: replication}]"},
        {"workers": "{cuont: 3}"},
        {"models": "{small: {accuracy: 0.5}}"},
        {"slo": "fast"},
        {"input": "{bytes: 3}"},
        {"network": "{bandwidth: 1e9}"},
        {"network": "{bandwidth: 1 Gbps}"},
        {"master": "{rate: 0}"},
        {"workers": "", "devices": "[{count: 2}]"},
        {"devices": "[{memory: 8 GB, interference: [0.5]}]"},
        {"devices": "[{memory: 8 GB, slots: 1000}]"},
        {"job": "8"},
        {"job": "{samples: 0}"},
        {"models": "{small: {service: {kind: exponential, mean: 1}, service_on: {tpu: {}}}}"},
        {"policies": "[{kind: ensemble}]"},
        {"policies": "[{kind: ensemble, members: [a], allocation: [[-1]]}]"},
        {"policies": "[{kind: ensemble, members: [a], copies: [2]}]"},
    ],
)
def test_editors_refuse_what_is_wrong(keys: dict[str, str], validator: Draft7Validator) -> None:
    """Misspelt keys and kinds, what is missing, numbers out of bounds."""
    assert not validator.is_valid(read(text(**keys)).value)


def test_the_schema_has_a_title() -> None:
    """Editors show what the file is."""
    assert schema()["title"] == "strag-sim scenario"


def _nodes(node: Any, key: str) -> list[dict[str, Any]]:
    """Return every mapping in a document that has this key."""
    if isinstance(node, list):
        return [found for item in node for found in _nodes(item, key)]
    if not isinstance(node, dict):
        return []
    return [node] * (key in node) + [found for item in node.values() for found in _nodes(item, key)]
