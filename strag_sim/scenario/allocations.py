"""The field that says which model of an ensemble is on which device."""

from collections.abc import Sequence

from pydantic import GetJsonSchemaHandler, ValidationInfo
from pydantic_core import PydanticCustomError, core_schema

from strag_sim.scenario.devices import MOST_DEVICES
from strag_sim.scenario.fields import Schema, SelfRead, beside, whole
from strag_sim.scenario.problems import Problem, error_of, not_allowed

WORST_FIT = "worst-fit"
MOST_SAMPLES = 10**6  # a batch
MOST_CELLS = 10**5  # devices times members


class AllocationField(SelfRead):
    """Reads ``allocation``: worst-fit, the path of a CSV file, or a matrix of batch sizes."""

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> Schema:
        """Return what editors should allow."""
        row = {"type": "array", "items": {"type": "integer", "minimum": 0}}
        return {
            "anyOf": [
                {"const": WORST_FIT},
                {"type": "string", "pattern": r"\.csv$"},
                {"type": "array", "items": row},
                {"type": "null"},
            ]
        }

    def read(self, value: object, info: ValidationInfo) -> str | tuple[tuple[int, ...], ...] | None:
        """Return the name, the absolute path, or the rows of the matrix."""
        if value is None or value == WORST_FIT:
            return WORST_FIT if value else None
        if isinstance(value, str) and value.endswith(".csv"):
            return beside(value, info)
        rows = value if isinstance(value, list | tuple) else ()
        if rows and all(isinstance(row, list | tuple) for row in rows):
            return _matrix(rows)
        what = (
            "worst-fit, the path of a .csv file, or rows of batch sizes, such as [[8, 0], [0, 8]]"
        )
        raise error_of([Problem((), not_allowed(value, what))])


def _matrix(rows: Sequence[Sequence[object]]) -> tuple[tuple[int, ...], ...]:
    """Return the rows of a matrix; raise what is wrong with any of its cells."""
    cells = sum(map(len, rows))
    if cells > MOST_CELLS or len(rows) > MOST_DEVICES:
        text = f"{len(rows)} rows of {cells} batch sizes in all are not allowed; there may be at"
        limit = f"most {MOST_CELLS}, in {MOST_DEVICES} rows"
        raise error_of([Problem((), f"{text} {limit}")])
    read, problems = whole(0, MOST_SAMPLES), []
    for d, row in enumerate(rows):
        for m, cell in enumerate(row):
            try:
                read(cell)
            except PydanticCustomError as error:
                problems.append(Problem((d, m), str(error)))
    if problems:
        raise error_of(problems)
    return tuple(tuple(map(read, row)) for row in rows)
