"""Wrong scenarios of ensembles, each with the phrase that its one message must hold."""

from wrong_scenarios import Wrong, text

PLACED = {
    "service": "",
    "workers": "",
    "devices": "[{count: 2, memory: 8 GiB}]",
    "models": "{red: {service: {kind: exponential, mean: 10 ms}, memory: 1 GB}, "
    "blue: {service: {kind: exponential, mean: 5 ms}, memory: 2 GB, memory_per_sample: 1 MB}}",
    "policies": "[{kind: ensemble, members: [red, blue]}]",
}
MEASURED = "{service: {kind: profile, profile: timm-vgg19-rtx3090}, "
LAW = "{kind: exponential, mean: 10 ms}"


def placed(**keys: str) -> str:
    """Return a right scenario of an ensemble on devices with these keys changed or added."""
    return text(**{**PLACED, **keys})


def ensemble(keys: str, **others: str) -> str:
    """Return the scenario with these keys of its ensemble."""
    return placed(policies=f"[{{kind: ensemble, members: [red, blue], {keys}}}]", **others)


def model(keys: str, **others: str) -> str:
    """Return the scenario with a single model of these keys, which is the only member."""
    alone = "[{kind: ensemble, members: [red]}]"
    return placed(models=f"{{red: {keys}}}", **{"policies": alone, **others})


def csv(content: str) -> dict[str, bytes]:
    """Return a file of an allocation."""
    return {"matrix.csv": content.encode()}


FILE = ensemble("allocation: matrix.csv")

WRONG_ENSEMBLES = [
    # Jobs.
    Wrong("bare-job", placed(job="8"), "with the keys samples, segment, in_order"),
    Wrong("many-samples", placed(job="{samples: 1e9}"), "from 1 to 1000000"),
    Wrong("uneven-segments", placed(job="{samples: 10, segment: 4}"), "(10), as 2 does"),
    Wrong("many-segments", placed(job="{samples: 1e6, segment: 1}"), "1000000 segments a request"),
    Wrong("order-in-words", placed(job="{in_order: please}"), "must be true or false"),
    Wrong("order-in-a-loop", placed(job="{in_order: true}", arrivals="{kind: closed, clients: 2}"),
          "job.in_order: true is not allowed with a closed loop"),
    # Devices.
    Wrong("no-devices", placed(devices="[]"), "0 devices are not allowed; give 1 to 4096"),
    Wrong("one-device", placed(devices="{memory: 8 GB}"), "devices must be a list, such as [{..."),
    Wrong("bare-device", placed(devices="[gpu]"), "a mapping with the keys count, memory, kind"),
    Wrong("no-memory", placed(devices="[{count: 2}]"), "devices.0.memory: missing; memory must be"),
    Wrong("zero-memory", placed(devices="[{memory: 0}]"), "0 is not allowed; memory must be bytes"),
    Wrong("unit-of-memory", placed(devices="[{memory: 8 gib}]"), "did you mean '8 GiB'?"),
    Wrong("many-devices", placed(devices="[{count: 1e9, memory: 1 GB}]"), "from 1 to 4096"),
    Wrong("many-in-all", placed(devices="[{count: 4096, memory: 9 GB}, {memory: 9 GB}]"),
          "4097 devices are not allowed"),
    Wrong("unknown-device", placed(devices="[{memory: 8 GB, kind: tpu}]"), "one of gpu, cpu"),
    Wrong("no-speed", placed(devices="[{memory: 8 GB, speed: 0}]"), "a number above 0"),
    Wrong("many-slots-of-one", placed(devices="[{memory: 8 GB, slots: 1e9}]"), "from 1 to 256"),
    Wrong("interference-from-2", placed(devices="[{memory: 8 GB, interference: [2, 3]}]"),
          "[2.0] is not allowed as its start; interference must begin with 1"),
    Wrong("no-interference", placed(devices="[{memory: 8 GB, interference: []}]"),
          "[] is not allowed; interference must begin with 1"),
    Wrong("faster-together", placed(devices="[{memory: 8 GB, interference: [1, 0.5]}]"),
          "devices.0.interference.1: 0.5 is not allowed"),
    Wrong("much-interference", placed(devices=f"[{{memory: 8 GB, interference: {[1] * 300}}}]"),
          "300 factors are not allowed; interference must have at most 256"),
    Wrong("slots-and-factors", placed(devices="[{memory: 8 GB, slots: 3, interference: [1, 2]}]"),
          "devices.0.slots: 3 is not allowed; interference has 2 factors"),
    Wrong("load-of-devices", placed(arrivals="{kind: poisson, offered_load: 0.5}"),
          "0.5 is not allowed with devices, whose capacity depends on what is allocated; give a"),
    # Models.
    Wrong("model-without-memory", model(f"{{service: {LAW}}}"), "models.red.memory: missing"),
    Wrong("memory-in-words", model(f"{{service: {LAW}, memory: much}}"), "'much' is not allowed"),
    Wrong("on-nothing", model(f"{{service: {LAW}, memory: 9, service_on: {{}}}}"),
          "from kinds of devices"),
    Wrong("on-unknown", model(f"{{service: {LAW}, memory: 9, service_on: {{cpv: {LAW}}}}}"),
          "mean 'cpu'?"),
    Wrong("on-no-law", model(f"{{service: {LAW}, memory: 9, service_on: {{cpu: 3}}}}"),
          "models.red.service_on.cpu: 3 is not allowed"),
    Wrong("one-measured", model(f"{MEASURED} service_on: {{cpu: {LAW}}}}}"),
          "models.red.service_on: is not allowed but for profiles by batch size"),
    Wrong("bound-to-machines", model(
        "{memory: 9, service: {kind: profile, profile: collage-vm, per_worker: true}}"
    ), "models.red.service.per_worker: true is not allowed; instances are not bound"),
    Wrong("scripted-member", model("{memory: 9, service: {kind: scripted, own: [1]}}", requests="1",
          service=LAW), "models.red.service.kind: scripted is not allowed on devices"),
    Wrong("member-without-mean", model(
        "{memory: 9, service: {kind: pareto, minimum: 1 ms, shape: 1}}"
    ), "models.red.service: is not allowed on devices: its mean is infinite"),
    # Members, copies and hedges.
    Wrong("no-members", placed(policies="[{kind: ensemble}]"), "members: missing"),
    Wrong("a-member", placed(policies="[{kind: ensemble, members: red}]"), "such as [red, ...]"),
    Wrong("member-twice", placed(policies="[{kind: ensemble, members: [red, red]}]"), "each once"),
    Wrong("unknown-member", placed(policies="[{kind: ensemble, members: [red, bleu]}]"),
          "policies.0.members.1: 'bleu' is not allowed; it must be one of red, blue"),
    Wrong("member-of-workers", placed(policies="[{kind: ensemble, members: [red, bleu]}]",
          devices="", workers="{count: 4}"), "did you mean 'blue'?"),
    Wrong("large-quorum", ensemble("quorum: 3"), "quorum must be at least 1 and at most"),
    Wrong("no-deadline", ensemble("deadline: 0"), "deadline must be a time above 0"),
    Wrong("combiner", ensemble("combiner: mean"), "one of average, majority, weighted"),
    Wrong("other-accuracy", ensemble("accuracy: digits-ensemble-5-average"), "with 1 inputs and 5"),
    Wrong("one-copy", ensemble("copies: {red: 1}"), "policies.0.copies.red: 1 is not allowed"),
    Wrong("copies-of-others", ensemble("copies: {green: 2}"), "policies.0.copies.green: 2 is not"),
    Wrong("list-of-copies", ensemble("copies: [2]"), "must be a mapping from names, each value a"),
    Wrong("huge-copies", ensemble("copies: {red: 1e9}"), "at most 4096 together"),
    Wrong("copies-in-all", ensemble("copies: {red: 4000, blue: 4000}"), "8000 is not allowed"),
    Wrong("hedge-of-nothing", ensemble("hedges: {red: p200}"), "or a quantile of the service time"),
    Wrong("hedge-in-words", ensemble("hedges: {red: soon}"), "policies.0.hedges.red: 'soon' is"),
    Wrong("hedge-of-scripts", ensemble("hedges: {red: p95}", devices="", workers="{count: 9}",
          requests="1", service=LAW, models="{blue: {service: {kind: exponential, mean: 1}}, "
          "red: {service: {kind: scripted, own: [1], redundant: [[1], [1], [1]]}}}"),
          "policies.0.hedges.red: 'p95' is not allowed with scripted sizes"),
    # Allocations.
    Wrong("allocation-in-words", ensemble("allocation: best-fit"), "such as [[8, 0], [0, 8]]"),
    Wrong("allocation-of-workers", ensemble("allocation: worst-fit", devices="",
          workers="{count: 4}"), "is not allowed without devices; list them, such as devices: [{"),
    Wrong("a-row", ensemble("allocation: [8, 8]"), "rows of batch sizes"),
    Wrong("too-few-rows", ensemble("allocation: [[8, 8]]"), "1 rows are not allowed; there must"),
    Wrong("too-few-cells", ensemble("allocation: [[8, 8], [8]]"), "device 1: 1 batch sizes are"),
    Wrong("too-many-rows", ensemble(f"allocation: {[[1, 1]] * 4097}"), "4097 rows of 8194 batch"),
    Wrong("negative-cell", ensemble("allocation: [[8, 8], [0, -1]]"),
          "policies.0.allocation.1.1: -1 is not allowed; allocation.1.1 must be a whole number"),
    Wrong("cell-that-is-a-flag", ensemble("allocation: [[8, 8], [0, true]]"), "true is not"),
    Wrong("no-instance", ensemble("allocation: [[8, 0], [8, 0]]"), "model blue has no instance"),
    Wrong("unknown-time", ensemble("allocation: [[2000, 8], [0, 0]]"), "must be 1 to 1024, as far"),
    Wrong("beyond-measured", model(f"{MEASURED} memory_per_sample: 1}}",
          policies="[{kind: ensemble, members: [red], allocation: [[129], [0]]}]"),
          "batch size 129 of model red is not allowed; it must be 1 to 128"),
    Wrong("over-full", ensemble("allocation: [[8, 8], [0, 0]]", devices="[{count: 2, memory: 2 GB}]"
          ), "device 0 is over-full: its instances take 3,008,000,000 bytes"),
    Wrong("fits-nowhere", placed(devices="[{count: 40, memory: 1 GB}]"), "32 more have no room"),
    Wrong("no-file", FILE, "matrix.csv: cannot be read"),
    Wrong("column-of-others", FILE, "there must be a column for each of red, blue",
          csv("device,red,green\n0,8,0\n1,0,8\n")),
    Wrong("missing-column", FILE, "models red are not allowed", csv("device,red\n0,8\n1,8\n")),
    Wrong("broken-cell", FILE, "matrix.csv:3: 'x' is not allowed; a batch size must be a whole",
          csv("device,red,blue\n0,8,0\n1,0,x\n")),
    Wrong("disorder", FILE, "rows are devices in order, and this must be 1",
          csv("device,red,blue\n0,8,0\n0,0,8\n")),
    Wrong("no-text", FILE, "it must be text (UTF-8)", {"matrix.csv": b"\xff\xfe\x00"}),
    # How an ensemble on devices is handled.
    Wrong("fixed-members", ensemble("placement: fixed"), "whose allocation says which model is"),
    Wrong("scripted-members", ensemble("placement: {kind: scripted, own: [0]}"), "0.placement"),
    Wrong("fixed-for-all", placed(workers="{placement: fixed}"), "must be random, round-robin, sh"),
    Wrong("workers-of-its-own", ensemble("workers: {count: 3}"), "on devices; leave out count and"),
    Wrong("batch-twice", ensemble("allocation: [[8, 8], [0, 0]], batch: {max: 4}"),
          "policies.0.batch.max: 4 is not allowed with an allocation that has batch sizes"),
    Wrong("growth-of-measured", model(f"{MEASURED} memory_per_sample: 1}}",
          policies="[{kind: ensemble, members: [red], batch: {growth: 1}}]"),
          "policies.0.batch.growth: 1.0 is not allowed: all members were measured"),
    Wrong("only-a-wait", placed(policies="[{kind: none, batch: {wait: 1 ms}}]"),
          "policies.0.batch.max: missing; max must be the most tasks"),
    Wrong("many-cells", placed(
        devices="[{count: 4096, memory: 8 GB}]",
        models=f"{{{', '.join(f'm{i}: {{service: {LAW}, memory: 9}}' for i in range(30))}}}",
        policies=f"[{{kind: ensemble, members: [{', '.join(f'm{i}' for i in range(30))}]}}]",
    ), "30 on 4096 devices are not allowed; an allocation has at most 100000 cells"),
]  # fmt: skip
