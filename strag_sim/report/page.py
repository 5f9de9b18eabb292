"""A page about a result: what was asked, what was found, and where it comes from."""

from dataclasses import asdict
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from strag_sim.compare import compare
from strag_sim.errors import ResultError
from strag_sim.report import cells, origin
from strag_sim.report.attributed import parts
from strag_sim.report.colours import palette
from strag_sim.report.compared import against
from strag_sim.report.figures import said, shown, swatches
from strag_sim.report.gantt import drawn
from strag_sim.report.heading import about, finding, warnings
from strag_sim.report.highlight import highlighted
from strag_sim.report.timeline import KINDS, STEPS, timeline
from strag_sim.results import Result

SCRIPTS = ("report.js", "readout.js", "timeline.js")


def page(result: Result) -> str:
    """Return a page about a result as HTML that needs no other file and no network.

    Nothing is simulated. What the result does not hold is named, with how to get it; texts of the
    scenario stand there to the letter.
    """
    environment = Environment(
        loader=PackageLoader("strag_sim.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    figures, looks = shown(result), swatches(len(result.labels))
    colours = palette([*(each.svg for each in figures), *(style for style, _ in looks)])
    return environment.get_template("report.html").render(
        **_found(result),
        title=result.provenance.get("name") or "result",
        about=about(result),
        warnings=warnings(result),
        scenario=highlighted(result.scenario),
        scenario_link=origin.as_link(result.scenario),
        policies=_policies(result, looks),
        columns=cells.columns(result.summary()),
        confidence=float(str(result.provenance["confidence"])),
        figures=figures,
        colours=colours,
        timeline=_timeline(result),
        parts=parts(result),
        origin=origin.rows(result),
        command=origin.command(result),
        again=origin.again(result),
        style=Markup(_text("report.css")),
        scripts=[Markup(_text(name)) for name in SCRIPTS],
    )


def _found(result: Result) -> dict[str, object]:
    """Return the comparison with the first policy and the main finding."""
    try:
        comparison = compare(result)
    except ResultError as error:
        reason = said(error, result)
        return {"compared": None, "not_compared": reason, "finding": finding(result, None)}
    heads, rows = against(comparison)
    numbers = {label: number for number, label in enumerate(result.labels)}
    compared = {
        "heads": heads,
        "rows": [(numbers[label], label, ratios) for label, ratios in rows.items()],
        "notes": comparison.notes,
    }
    return {"compared": compared, "not_compared": "", "finding": finding(result, comparison)}


def _policies(result: Result, looks: list[tuple[str, str]]) -> list[dict[str, object]]:
    """Return what the page says of each policy: its name, its line, whether it keeps up."""
    unstable = result.summary()["stable"].eq(False).fillna(False)
    return [
        {
            "number": number,
            "label": label,
            "stroke": stroke,
            "dashes": dashes,
            "unstable": bool(bad),
        }
        for number, (label, (stroke, dashes), bad) in enumerate(
            zip(result.labels, looks, unstable, strict=True)
        )
    ]


def _timeline(result: Result) -> dict[str, object]:
    """Return what workers did, for the script and drawn in part; or why that is not there."""
    try:
        found = timeline(result)
    except ResultError as error:
        return {"data": None, "reason": said(error, result)}
    data = {**asdict(found), "kinds": KINDS, "steps": STEPS}
    return {"data": data, "reason": "", "drawn": drawn(found)}


def _text(name: str) -> str:
    """Return a file that comes with the package."""
    return files("strag_sim.report").joinpath(name).read_text(encoding="utf-8")
