"""Write the tables in docs/tables, as Markdown and CSV: python scripts/make_tables.py [NAME ...].

Those that take minutes, such as minimal-circuits-4 and race, are only written if they are named.
"""

from __future__ import annotations

import sys
from pathlib import Path

from relucomb import tables
from relucomb.atomic_write import write_atomically

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "tables"


def main(names: list[str]) -> None:
    """Make the tables, all by default, and write what they are."""
    for name in names or [name for name in tables.NAMES if name not in tables.MEASURED]:
        recipe, choices = tables.LARGE.get(name, (name, {}))
        table = tables.make(recipe, **choices)
        for style, ending in (("markdown", ".md"), ("csv", ".csv")):
            file = FOLDER / f"{name}{ending}"
            write_atomically(file, table.render(style))
            print(f"{file.relative_to(FOLDER.parent.parent)}: {len(table.rows)} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
