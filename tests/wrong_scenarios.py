"""Wrong scenarios, each with the phrase that its one message must hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

RIGHT = {
    "arrivals": "{kind: poisson, rate: 1}",
    "service": "{kind: exponential, mean: 10 ms}",
    "workers": "{count: 10}",
    "policies": "[{kind: none}]",
}


@dataclass(frozen=True)
class Wrong:
    """A wrong scenario: its text (bytes where it is none), the files beside it, and the phrase."""

    name: str
    text: str | bytes
    phrase: str
    files: Mapping[str, bytes] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write the scenario and its files; return the scenario's path."""
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        path = folder / f"{self.name}.yaml"
        text = self.text
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


def text(**keys: str) -> str:
    """Return a right scenario with these keys changed or added; "" leaves a key out."""
    lines = {**RIGHT, **keys}
    return "".join(f"{key}: {value}\n" for key, value in lines.items() if value)


def one(policy: str, **keys: str) -> str:
    """Return a right scenario with one policy."""
    return text(policies=f"[{policy}]", **keys)


PROFILE = text(service="{kind: profile, profile: ./mine.json}")
SCRIPT = {"requests": "4", "arrivals": "{kind: trace, times: [0, 1, 2, 3]}"}
OWN = b"import dataclasses\n@dataclasses.dataclass(frozen=True)\nclass Mine:\n    n: int = 1\n"
CODE = (
    b"import dataclasses\nfrom strag_sim.policies.none import NoRedundancy\n"
    b"@dataclasses.dataclass(frozen=True)\nclass Mine(NoRedundancy):\n"
    b"    def code(self):\n        return %s\n"
)

WRONG = [
    # Keys and kinds.
    Wrong("unknown-key", text(seeed="3"), "seeed: unknown key; did you mean 'seed'?"),
    Wrong("unknown-nested-key", text(workers="{cuont: 3, count: 3}"), "did you mean 'count'?"),
    Wrong("key-of-a-policy", one("{kind: hedge, delay: 1, cancle: never}"), "mean 'cancel'?"),
    Wrong("later-key", text(report="{}"), "report: unknown key"),
    Wrong("empty-sweep", text(sweep="{}"), "sweep: {} is not allowed; sweep must be a mapping"),
    Wrong("unknown-kind", one("{kind: hege, delay: p95}"), "did you mean 'hedge'?"),
    Wrong("unknown-law", text(service="{kind: exponental, mean: 1}"), "mean 'exponential'?"),
    Wrong("unknown-arrivals", text(arrivals="{kind: gama, rate: 1}"), "did you mean 'gamma'?"),
    # Batches.
    Wrong("no-batch", text(workers="{count: 1, batch: {max: 0, growth: 1}}"), "from 1 to 4096"),
    Wrong("bare-batch", text(workers="{count: 1, batch: 4}"), "with the keys max, wait, growth"),
    Wrong("no-growth", text(workers="{count: 1, batch: {max: 4}}"), "batch.growth: missing"),
    Wrong("growth-of-policy", one("{kind: none, batch: {max: 4}}"), "policies.0.batch.growth"),
    Wrong("bound-of-batches", text(workers="{count: 1, batch: {max: 4, growth: 0}}",
          policies="[{kind: none}, {kind: oracle}]"), "beside 'none', which has batches"),
    Wrong("no-kind", one("{copies: 2}"), "policies.0.kind: missing; kind must be one of none"),
    Wrong("bare-kind", text(policies="[none]"), "such as {kind: none}"),
    Wrong("missing-key", text(service=""), "service: missing; give the law of task sizes"),
    Wrong("missing-parameter", one("{kind: replication}"), "policies.0.copies: missing"),
    Wrong("doubled-key", text() + "seed: 1\nseed: 2\n", "seed: doubled key; given on line 5"),
    # What requests carry.
    Wrong("input-alone", text(input="110_000"), "with the keys numbers, bytes, answers, precision"),
    Wrong("no-numbers", text(input="{bytes: 100}"), "input.numbers: missing; numbers must be a w"),
    Wrong("bytes-none", text(input="{numbers: 8, bytes: 0}"), "input.bytes: 0 is not allowed"),
    Wrong("precision", text(input="{numbers: 8, precision: float23}"), "did you mean 'float32'?"),
    Wrong("bandwidth-alone", text(network="{bandwidth: 1 Gbit/s}"),
          "network.bandwidth: is not allowed without input; say what a request carries"),
    Wrong("bandwidth-of-a-policy", one("{kind: none, network: {bandwidth: 1 Gbit/s}}"),
          "policies.0.network.bandwidth: is not allowed without input"),
    Wrong("rate-alone", text(master="{rate: 1e9}"), "master.rate: is not allowed without input"),
    Wrong("bandwidth-without-unit", text(input="{numbers: 8}", network="{bandwidth: 1e9}"),
          "network.bandwidth: 1000000000.0 is not allowed; a bandwidth must be a number > 0"),
    Wrong("bandwidth-otherwise", text(input="{numbers: 8}", network="{bandwidth: 1 Gbps}"),
          "did you mean '1 Gbit/s'?"),
    Wrong("no-rate", text(input="{numbers: 8}", master="{rate: 0}"), "must be a number at least 1"),
    Wrong("no-bandwidth", text(input="{numbers: 8}", network="{bandwidth: 1e-9 bit/s}"),
          "bandwidth must be a bandwidth of at least 1 bit/s, such as 1 Gbit/s"),
    Wrong("many-numbers", text(input="{numbers: 1e13}"), "from 1 to 1000000000000"),
    Wrong("no-master", text(master="{}"), "master: says nothing; give cores, such as {cores: 1}"),
    Wrong("code-that-fails", one("{kind: 'mine:Mine'}", input="{numbers: 8}"),
          "what mine:Mine sends and how long it encodes are unknown: ZeroDivisionError",
          {"mine.py": CODE % b"1 / 0"}),
    Wrong("code-of-nothing", one("{kind: 'mine:Mine'}", input="{numbers: 8}"),
          "unknown: TypeError: Mine.code() must return a code, not int: it has no encode_flops",
          {"mine.py": CODE % b"3"}),
    # Slow workers.
    Wrong("unknown-slowdown", text(slowdown="[{kind: state}]"), "did you mean 'states'?"),
    Wrong("slowdown-no-list", text(slowdown="{kind: states}"), "must be a list, such as [{kind: "),
    Wrong("unknown-combine", text(combine="times"), "combine must be one of product, sum, max"),
    Wrong(
        "slow-state-that-is-fast",
        text(slowdown="[{kind: states, factor: 20 ms, dwell: 1, share: 0.1}]"),
        "slowdown.0.factor: 0.02 is not allowed; with combine: product factor must be at least 1",
    ),
    Wrong(
        "factor-that-is-a-time",
        text(slowdown="[{kind: fixed, factor: 20 ms}]"),
        "slowdown.0.factor: 0.02 is not allowed; with combine: product factor must be at least 0.1",
    ),
    Wrong(
        "factors-that-are-times",
        text(slowdown="[{kind: fixed, factors: [1, 1, 1, 1, 1, 1, 1, 1, 1, 9 ms]}]"),
        "slowdown.0.factors.9: 0.009 is not allowed",
    ),
    Wrong(
        "all-the-time-slow",
        text(slowdown="[{kind: states, factor: 2, dwell: 1, share: 1}]"),
        "slowdown.0.share: 1.0 is not allowed; share must be above 0 and below 1",
    ),
    Wrong(
        "shocks-upon-shocks",
        text(
            workers="{count: 10000}",
            slowdown="[{kind: shock, rate: 100, share: 1, factor: 2, length: 10}]",
        ),
        "slowdown.0.rate: 100 is not allowed; 1e+07 of 10000 workers would be hit at once",
    ),
    Wrong(
        "factors-of-a-few",
        text(slowdown="[{kind: fixed, factors: [1, 2]}]"),
        "slowdown.0.factors: has 2 entries, but there are up to 10 workers",
    ),
    Wrong(
        "scripted-dwell",
        text(slowdown="[{kind: states, factor: 2, share: 0.1, dwell: {kind: scripted, own: [1]}}]"),
        "slowdown.0.dwell.kind: scripted is not allowed",
    ),
    Wrong(
        "factor-by-machine",
        text(
            slowdown="[{kind: fixed, factor: {kind: profile, profile: collage-vm, "
            "per_worker: true}}]"
        ),
        "slowdown.0.factor.per_worker: true is not allowed",
    ),
    Wrong(
        "matrix-with-a-hole",
        text(slowdown="[{kind: replay, path: slow.csv}]"),
        "row 2, column 1 holds nan",
        {"slow.csv": b"a,b\n1,2\n,4\n"},
    ),
    Wrong(
        "few-columns",
        text(slowdown="[{kind: replay, path: slow.csv, columns: fixed}]"),
        "the matrix has 2 columns, but there are up to 10 workers: write columns: drawn",
        {"slow.csv": b"a,b\n1,2\n"},
    ),
    Wrong(
        "interval-of-steps",
        text(slowdown="[{kind: replay, path: slow.csv, interval: 1 s}]"),
        "slowdown.0.interval: 1.0 is not allowed; interval must be left out unless by is time",
        {"slow.csv": b"a,b\n1,2\n"},
    ),
    # Numbers, times, names.
    Wrong("zero", one("{kind: parity, inputs: 0}"), "inputs must be at least 1"),
    Wrong("no-grid", one("{kind: collage, grid: 0}"), "policies.0.grid: 0 is not allowed"),
    Wrong("text-for-number", one('{kind: replication, copies: "2"}'), "must be a whole number"),
    Wrong("part-of-a-copy", one("{kind: replication, copies: 1.5}"), "1.5 is not allowed"),
    Wrong("flag-for-number", text(runs="true"), "runs: true is not allowed"),
    Wrong("negative-time", text(service="{kind: deterministic, value: -1 ms}"), "'-1 ms' is not"),
    Wrong("unit-nonsense", text(service="{kind: exponential, mean: 20 mss}"), "mean '20 ms'?"),
    Wrong("nan", text(service="{kind: lognormal, mean: 1, cv: .nan}"), "service.cv: nan is not"),
    Wrong("infinite", text(service="{kind: exponential, mean: .inf}"), "service.mean: inf is not"),
    Wrong("negative-warm-up", text(warm_up="-1"), "warm_up must be a whole number from 0"),
    Wrong("word-warm-up", text(warm_up="automatic"), "from 0 to 1000000000, or auto"),
    Wrong(
        "auto-scripted",
        text(warm_up="auto", service="{kind: scripted, own: [1, 2]}", requests="2"),
        "auto is not allowed with scripted sizes or workers, which end; warm_up must be the number",
    ),
    Wrong("no-within", text(precision="{of: p99}"), "precision.within: missing; within must be"),
    Wrong("within-2", text(precision="{within: 2}"), "2 is not allowed; within must be a share"),
    Wrong("within-0", text(precision="{within: 0%}"), "within must be a share above 0 and below 1"),
    Wrong(
        "precise-what",
        text(precision="{of: p9, within: 1%}"),
        "of must be one of mean, std, var, cost, utilisation, slo_met, p50, p99, p999",
    ),
    Wrong(
        "precise-level",
        text(precision="{of: p75, within: 1%}"),
        "of may be p50, p90, p95, p99, p999; others must be listed under quantiles",
    ),
    Wrong("precise-slo", text(precision="{of: slo_met, within: 1%}"), "not allowed without slo"),
    Wrong(
        "few-max-runs",
        text(precision="{within: 1%, max_runs: 5}"),
        "max_runs must be at least runs, 20",
    ),
    Wrong(
        "precise-baseline",
        text(precision="{within: 1%, baseline: nome}"),
        "'nome' is not allowed; baseline must be one of none; did you mean 'none'?",
    ),
    Wrong(
        "precise-alone",
        text(precision="{within: 1%, baseline: none}"),
        "baseline: is not allowed with a single policy",
    ),
    Wrong("old-no", text(name="no"), 'name: no is not allowed; name must be a text'),
    Wrong("old-switch", text(shared_size="on"), "write \"on\" in quotes, or true"),
    Wrong("old-time", text(slo="12:30"), 'write seconds or a unit, or "12:30" in quotes'),
    Wrong("old-octal", one("{kind: replication, copies: 010}"), 'write 10, or "010" in quotes'),
    Wrong("old-date", text(name="2026-01-01"), 'write "2026-01-01" in quotes'),
    Wrong("number-for-name", text(name="12"), 'write "12" in quotes'),
    Wrong("no-value", text(slo=" "), "slo: has no value"),
    Wrong("name-of-a-folder", text(name="a/b"), "a text of one line without / and"),
    # Bounds.
    Wrong("many-requests", text(requests="1e12"), "from 1 to 1000000000"),
    Wrong("many-workers", text(workers="{count: 2_000_000}"), "from 1 to 1000000"),
    Wrong(
        "many-in-groups",
        text(workers="{groups: [{count: 600_000}, {count: 600_000}]}"),
        "1200000 workers are not allowed",
    ),
    Wrong("many-slots", text(workers="{groups: [{count: 100, slots: 100_000}, {count: 1}]}"),
          "10000001 slots are not allowed"),
    Wrong("many-runs", text(runs="100_001"), "from 1 to 100000"),
    Wrong("many-tasks", one("{kind: mds, inputs: 2, tasks: 5000}"), "tasks must be at most 4096"),
    Wrong("large-grid", one("{kind: collage, grid: 1_000_000}"), "grid must be at most 63"),
    Wrong("no-workers", text(workers="{queue: shared}"), "workers: missing; give count"),
    Wrong("count-and-groups", text(workers="{count: 1, groups: [{count: 1}]}"), "only one of them"),
    Wrong("many-clients", text(arrivals="{kind: closed, clients: 1e7}"), "at most 1000000"),
    Wrong("no-policies", text(policies="[]"), "0 policies are not allowed"),
    Wrong("quantile-of-one", text(quantiles="[0.5, 1]"), "above 0 and below 1"),
    Wrong("falling-quantiles", text(quantiles="[0.9, 0.5]"), "quantiles must rise"),
    Wrong("no-quantiles", text(quantiles="[]"), "quantiles: [] is not allowed"),
    Wrong("confidence", text(confidence="95"), "confidence must be a number above 0 and below 1"),
    # Laws.
    Wrong("weights", text(service="{kind: hyperexponential, means: [1, 2], weights: [0.5, 0.6]}"),
          "sum to 1"),
    Wrong("no-values", text(service="{kind: empirical, values: []}"), "at least one"),
    Wrong("deep-in-a-mixture", text(
        service="{kind: mixture, parts: [{weight: 1, of: {kind: exponential, maen: 1, mean: 1}}]}"
    ), "service.parts.0.of.maen: unknown key; did you mean 'mean'?"),
    Wrong("no-such-profile", text(service="{kind: profile, profile: colage-vm}"), "'collage-vm'?"),
    Wrong("missing-profile", PROFILE, "mine.json' is not allowed"),
    Wrong("cut-profile", PROFILE, "must be JSON", {"mine.json": b'{"name": "mi'}),
    Wrong("no-profile", PROFILE, "sha256", {"mine.json": b"{}"}),
    Wrong("scripted-encode", text(encode="{kind: scripted, own: [1]}"), "encode.kind: scripted"),
    # Arrivals.
    Wrong("overload", text(arrivals="{kind: poisson, offered_load: 1.2}"), "offered_load: 1.2 is"),
    Wrong("both-rates", text(arrivals="{kind: poisson, rate: 1, offered_load: 0.5}"), "only one"),
    Wrong("neither-rate", text(arrivals="{kind: poisson}"), "either rate or offered_load"),
    Wrong("trace-out-of-order", text(arrivals="{kind: trace, times: [0, 2, 1]}"), "sort them"),
    Wrong("empty-trace", text(arrivals="{kind: trace, times: []}"), "an empty trace"),
    Wrong("short-trace", text(arrivals="{kind: trace, times: [0, 1]}", requests="3"), "at most 2"),
    Wrong("all-warm-up", text(arrivals="{kind: trace, times: [0, 1]}", warm_up="2"), "length of"),
    Wrong("no-cv", text(arrivals="{kind: gamma, rate: 1}"), "arrivals.cv: missing"),
    Wrong("wide-cv", text(arrivals="{kind: weibull, rate: 1, cv: 1e3}"), "arrivals.cv: 1000.0 is"),
    Wrong("no-batch", text(arrivals="{kind: poisson, rate: 1, batch: 0}"), "arrivals.batch: 0 is"),
    Wrong("huge-batch", text(arrivals="{kind: poisson, rate: 1, batch: 1e9}"), "1 to 1000000"),
    Wrong("batch-of-clients", text(arrivals="{kind: closed, clients: 3, batch: 2}"), "batch: unkn"),
    Wrong("no-states", text(arrivals="{kind: mmpp, states: []}"), "states: 0 are not allowed"),
    Wrong("idle-states", text(arrivals="{kind: mmpp, states: [{rate: 0, dwell: 1}]}"), "above 0"),
    Wrong("no-dwell", text(arrivals="{kind: mmpp, states: [{rate: 1, dwell: 0}]}"),
          "arrivals.states.0.dwell: 0.0 is not allowed"),
    Wrong("states-overload",
          text(arrivals="{kind: mmpp, states: [{rate: 1, dwell: 1}], offered_load: 1}"), "below 1"),
    Wrong("nothing-varies", text(arrivals="{kind: varying}"), "give either times and rates"),
    Wrong("rates-missing", text(arrivals="{kind: varying, times: [0, 1]}"), "give either times"),
    Wrong("rates-too-few", text(arrivals="{kind: varying, times: [0, 1, 2], rates: [1]}"),
          "arrivals.rates: 1 rates for 3 times are not allowed; give one rate less"),
    Wrong("late-start", text(arrivals="{kind: varying, times: [1, 2], rates: [1]}"), "times.0: 1"),
    Wrong("times-fall", text(arrivals="{kind: varying, times: [0, 2, 2], rates: [1, 1]}"),
          "arrivals.times.2: 2.0 is not allowed; times[2] must be a time above the one before"),
    Wrong("rates-zero", text(arrivals="{kind: varying, times: [0, 2], rates: [0]}"), "above 0"),
    Wrong("rate-negative", text(arrivals="{kind: varying, times: [0, 2], rates: [-1]}"), "rates.0"),
    Wrong("high-peak", text(arrivals="{kind: varying, times: [0, 1, 900], rates: [9, 0]}"),
          "arrivals.rates: a peak of 900 times the mean is not allowed"),
    Wrong("envelope", text(arrivals="{kind: varying, envelope: azure-cod}"), "mean 'azure-code'?"),
    Wrong("jitter", text(arrivals="{kind: trace, times: [0], jitter: -1}"), "jitter: -1 is"),
    Wrong("unit", text(arrivals="{kind: trace, times: [0], unit: ms}"), "unit: goes with path"),
    Wrong("units", text(arrivals="{kind: trace, path: a.csv, unit: m}"), "one of s, ms, us, ns"),
    Wrong("missing-trace", text(arrivals="{kind: trace, path: none.csv}"), "arrivals.path"),
    Wrong("no-mean", text(
        arrivals="{kind: poisson, offered_load: 0.5}",
        service="{kind: pareto, minimum: 1 ms, shape: 1}",
    ), "mean is infinite; give a rate"),
    Wrong("too-few-clients", one("{kind: mds, inputs: 4, tasks: 6}",
          arrivals="{kind: closed, clients: 3}"), "arrivals.clients: 3 is not allowed"),
    # Policies on their workers.
    Wrong("threshold", one("{kind: lagrange, inputs: 2, tasks: 4, threshold: 5}"), "tasks (4)"),
    Wrong("many-copies", one("{kind: replication, copies: 11}"), "11 is not allowed; there"),
    Wrong("many-hedges", one("{kind: hedge, delay: 1, hedges: 10}"), "hedges: 10 is"),
    Wrong("many-attempts", one("{kind: relaunch, timeout: 1, attempts: 11}"), "attempts: 11 is"),
    Wrong("delayed-on-start", text(cancel="on-start", cancel_delay="1 ms"), "must be 0 with"),
    Wrong("unknown-model", one("{kind: collage, grid: 2, model: smal}",
          models="{small: {service: {kind: exponential, mean: 1}}}"), "did you mean 'small'?"),
    Wrong("no-models", one("{kind: collage, grid: 2, model: small}"), "under the key models"),
    Wrong("no-own-worker", one("{kind: collage, grid: 2, redundant_workers: 10}"), "must leave a"),
    Wrong("no-pool", one("{kind: none, redundant_workers: 1}"), "only tasks of collage and parity"),
    Wrong("same-label", text(policies="[{kind: none, label: a}, {kind: none, label: a}]"),
          "another policy has this label"),
    Wrong("scripted-quantile", one("{kind: hedge, delay: p95}", **SCRIPT, service=
          "{kind: scripted, own: [1, 1, 1, 1], redundant: [[1, 1, 1, 1]]}"), "scripted sizes"),
    Wrong("short-script", text(**SCRIPT, service="{kind: scripted, own: [1]}"), "are 4 requests"),
    Wrong("short-row", one("{kind: parity, inputs: 2}", **SCRIPT, service=
          "{kind: scripted, own: [1, 1, 1, 1], redundant: [[1]]}"), "has 2 groups"),
    Wrong("no-such-worker", text(**SCRIPT, workers=
          "{count: 2, placement: {kind: scripted, own: [0, 1, 2, 0]}}"), "numbered from 0 to 1"),
    Wrong("no-module", one("{kind: 'nowhere:Mine'}"), "no module 'nowhere'"),
    Wrong("no-class", one("{kind: 'mine:Mne'}"), "did you mean 'Mine'?", {"mine.py": OWN}),
    Wrong("no-shape", one("{kind: 'mine:Mine'}"), "a method shape", {"mine.py": OWN}),
    Wrong("broken-module", one("{kind: 'mine:Mine'}"), "ZeroDivisionError", {"mine.py": b"1 / 0"}),
    # Files.
    Wrong("empty", "", "empty.yaml: there is nothing in it; `strag-sim new`"),
    Wrong("comment", "# nothing\n", "there is nothing in it"),
    Wrong("a-list", "- 1\n- 2\n", "a mapping with keys such as arrivals"),
    Wrong("a-word", "hello\n", "a mapping with keys such as arrivals"),
    Wrong("two-documents", text() + "---\n" + text(), "a second document"),
    Wrong("tag", text(seed="!!python/name:os.system"), "the tag !!python/name:os.system"),
    Wrong("tabs", "arrivals:\n\tkind: poisson\n", "this is not YAML"),
    Wrong("unclosed", "arrivals: {kind: poisson\n", "this is not YAML"),
    Wrong("not-text", b"\xff\xfe\x00\x01", "not a text file in UTF-8"),
    Wrong("holds-itself", "seed: &a [*a]\n", "holds itself"),
    Wrong("no-anchor", "seed: *a\n", "stands for no"),
    Wrong("bomb", "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in pairwise("abcdefg")
    ), "too long; a scenario holds at most"),
    Wrong("deep", "a: " + "[" * 5000 + "]" * 5000 + "\n", "nested too deep"),
]  # fmt: skip
