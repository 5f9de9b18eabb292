"""The field that says which model of an ensemble is on which device."""

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import core_schema

from strag_sim.scenario.fields import Schema, beside, whole
from strag_sim.scenario.problems import Problem, error_of, not_allowed

WORST_FIT = "worst-fit"
MOST_SAMPLES = 10**6  # a batch


class AllocationField:
    """Reads ``allocation``: worst-fit, the path of a CSV file, or a matrix of batch sizes."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Let pydantic call ``read``."""
        return core_schema.with_info_plain_validator_function(self.read)

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
            cell = whole(0, MOST_SAMPLES)
            return tuple(tuple(cell(item) for item in row) for row in rows)
        what = (
            "worst-fit, the path of a .csv file, or rows of batch sizes, such as [[8, 0], [0, 8]]"
        )
        raise error_of([Problem((), not_allowed(value, what))])
