"""``python -m relucomb`` is the command ``relucomb``."""

from __future__ import annotations

import sys

from relucomb.commandline import main

if __name__ == "__main__":
    sys.exit(main())
