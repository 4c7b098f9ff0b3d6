"""The one place that says how kernels are compiled.

Every kernel of the engines is compiled by :func:`kernel`: no Python objects, cached on disk, the interpreter lock
released (so that two kernels run on two cores in threads), and no fast-math, because the sign of a float decides a
cell. :func:`reduction` is for sums and products whose rounding order is free and whose sign decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def kernel(function: Kernel) -> Kernel:
    """Compile ``function`` for the engines: cached, without the interpreter lock, with IEEE arithmetic."""
    return cast(Kernel, numba.njit(function, cache=True, nogil=True, fastmath=False, error_model="numpy"))


def inner_kernel(function: Kernel) -> Kernel:
    """Compile ``function`` for other kernels only: without the wrappers for Python, which take as long again."""
    options: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Kernel, numba.njit(function, cache=True, nogil=True, fastmath=False, error_model="numpy", **options))


def inlined(function: Kernel) -> Kernel:
    """Paste ``function`` into the kernels that call it: for a large one with a single caller.

    LLVM goes through all that a kernel calls once more for the kernel itself, so every storey of calls costs seconds.
    """
    return cast(Kernel, numba.njit(function, inline="always", nogil=True, fastmath=False, error_model="numpy"))


def bare_kernel(function: Kernel) -> Kernel:
    """Compile ``function``, which must allocate nothing, without counting references to its arrays.

    numba would otherwise count the references to each array of a named tuple up and down in every call, which took a
    third to four fifths of the time of small kernels.
    """
    return _without_counting(kernel(function))


def bare_inner_kernel(function: Kernel) -> Kernel:
    """Compile ``function`` for other kernels only, which must allocate nothing, without counting references."""
    return _without_counting(inner_kernel(function))


def _without_counting(compiled: Kernel) -> Kernel:
    if hasattr(compiled, "targetoptions"):  # it has not if compilation is switched off
        compiled.targetoptions["_nrt"] = False
    return compiled


def reduction(function: Kernel) -> Kernel:
    """Compile a sum or product that may be reordered (so that it uses vector instructions); never one that decides."""
    flags = {"reassoc", "contract", "nsz"}
    options: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Kernel, numba.njit(function, cache=True, nogil=True, fastmath=flags, error_model="numpy", **options))
