"""Settings of the whole test suite."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# No deadline for a single example: the first call of a kernel compiles it, and a busy machine is not a bug.
# Checks of a commit see the same examples every time; other runs go on exploring.
settings.register_profile(
    "relucomb",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize="CI" in os.environ,
)
settings.load_profile("relucomb")

# A shell's background job ignores Ctrl-C, and so would the tests of interrupts and the commands that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
