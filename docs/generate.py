"""Write the pages of docs/reference anew, from the code: ``make docs``."""

from collections.abc import Callable
from pathlib import Path

from pages import columns, commands, forms, keys, kinds

PAGES: dict[str, Callable[[], str]] = {
    "keys.md": keys.keys,
    "policies.md": kinds.policies,
    "distributions.md": kinds.distributions,
    "arrivals.md": kinds.arrivals,
    "slowdown.md": kinds.slowdown,
    "shipped.md": kinds.shipped,
    "columns.md": columns.columns,
    "commands.md": commands.commands,
    "commands_measuring.md": commands.measuring,
    "closed_forms_queues.md": forms.queues,
    "closed_forms_redundancy.md": forms.redundancy,
}
REFERENCE = Path(__file__).parent / "reference"


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
