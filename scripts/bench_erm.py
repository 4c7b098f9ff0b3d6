"""Measure rc.erm on the instances of docs/benchmarks.md, beside rivals and plain local search.

    python scripts/bench_erm.py --quick              # seed 0 only, no rivals
    python scripts/bench_erm.py --rivals --write     # everything, and into docs/benchmarks.md
    python scripts/bench_erm.py --only "n=3 w=2" --limit 20

Tables go to the standard output, what is going on to the standard error. Everything of ours runs in one process and one
thread, after a warm-up; every rival gets a process of its own on every instance, which may die without harm. Ctrl-C
makes the tables of what is there. The rivals need the extra `bench`.
"""

from __future__ import annotations

import argparse
import math
import sys

from benchmarks import measure, page, rivals
from benchmarks.instances import INSTANCES, Instance
from benchmarks.local_search import STARTS
from benchmarks.rival_process import solve_apart

import relucomb as rc

Runs = dict[Instance, list[measure.Run]]

ENUMERATED = (5, 6, 8)
"""Numbers of points for the literal Algorithm 1 (n = 2, w = 2)."""


def main() -> int:
    """Run what the arguments ask for."""
    options = _arguments()
    chosen = [one for one in INSTANCES if not options.only or any(part in one.name for part in options.only)]
    if not chosen:
        _say(f"--only {' '.join(options.only)}: no such instance; there are\n" + "\n".join(i.name for i in INSTANCES))
        return 2
    parts = [page.machine()]
    if not options.no_start_up:
        _say("start-up times: compiling in a fresh interpreter …")
        parts.append(measure.start_up())
    _say("warming up …")
    measure.warm_up()
    before = measure.peak_memory()
    runs, finished = _solve_all(chosen, options)
    parts.append(_results(runs, options, before))
    if options.rivals and finished:
        parts += [_compare(runs, options.cap, options.rival_seeds), _enumerate(options.cap)]
    text = "\n\n".join(parts)
    print(text)
    if options.write:
        if not finished:
            _say("interrupted: docs/benchmarks.md stays as it is")
            return 130
        page.replace_part("erm", text)
    return 0 if finished else 130


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="seed 0 only, no rivals, no start-up times")
    parser.add_argument("--rivals", action="store_true", help="run SCIP, HiGHS and the literal Algorithm 1 too")
    parser.add_argument("--cap", type=float, default=180.0, help="seconds for a rival on one instance (default 180)")
    parser.add_argument("--rival-seeds", type=int, default=1, help="seeds on which rivals run (default 1: seed 0)")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="instances with this in their names; repeatable"
    )
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for one solve (default 120)")
    parser.add_argument("--starts", type=int, default=STARTS, help=f"local searches per data set (default {STARTS})")
    parser.add_argument("--no-start-up", action="store_true", help="do not measure compilation in fresh interpreters")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args()
    if options.quick and options.rivals:
        parser.error("--quick runs no rivals; leave out --quick or --rivals")
    if options.write and (options.quick or options.only):
        parser.error("--write wants the whole table; leave out --quick and --only")
    for name, least in (("cap", 0.0), ("limit", 0.0), ("rival_seeds", 1), ("starts", 0)):
        if getattr(options, name) < least:
            parser.error(f"--{name.replace('_', '-')} is {getattr(options, name)}; legal is {least:g} or more")
    options.no_start_up |= options.quick
    return options


def _solve_all(chosen: list[Instance], options: argparse.Namespace) -> tuple[Runs, bool]:
    runs: Runs = {}
    try:
        for instance in chosen:
            for seed in (0,) if options.quick else instance.seeds:
                run = measure.solve(instance, seed, options.limit, options.starts)
                if run.termination == "interrupted":  # the solver takes Ctrl-C as the wish for what it has
                    raise KeyboardInterrupt
                runs.setdefault(instance, []).append(run)
                _say(
                    f"{instance.name}, seed {seed}: {run.status}, {page.seconds(run.seconds)} s, {run.nodes:,} nodes, "
                    f"gap {run.gap:.1e}"
                )
                if run.best_start is not None and run.proven and run.best_start < run.loss * (1 - 1e-7) - 1e-12:
                    _say(f"WRONG: a local search found {run.best_start!r}, below the certified {run.loss!r}")
    except KeyboardInterrupt:
        _say("interrupted")
        return runs, False
    return runs, True


def _results(runs: Runs, options: argparse.Namespace, before: float) -> str:
    rows = [measure.result_row(instance, some, options.limit) for instance, some in runs.items()]
    peak = measure.peak_memory()
    return (
        page.table(measure.HEADER, rows)
        + f"\n\nAt most {options.limit:g} s per solve, {options.starts} starts of local search, "
        + f"{'seed 0 only' if options.quick else 'all seeds'}. Peak memory of the process: {peak:,.0f} MiB, of which "
        + f"{before:,.0f} MiB before the first instance (interpreter, packages, compiled kernels); wanted: under "
        + f"2,048 MiB {'✓' if peak < 2048 else '✗'}."
    )


def _compare(runs: Runs, cap: float, seeds: int) -> str:
    """Run the rivals on the first seeds, and show our own time on the same ones."""
    rows, remarks = [], []
    for instance, some in runs.items():
        if not instance.rival:
            continue
        module = rivals.missing(instance.loss)
        if module:
            _say(f"{instance.name}: {rivals.SOLVER[instance.loss]} skipped, {module} is not installed (extra: bench)")
            remarks.append(f"{rivals.SOLVER[instance.loss]} was skipped: {module} is not installed.")
            continue
        for run in some[: seeds if instance.drawn else 1]:
            X, y = instance.load(run.seed)
            rival = solve_apart(X, y, instance.width, instance.loss, cap)
            _say(f"{instance.name}, seed {run.seed}: {rival}")
            rows.append(_rival_row(instance, run, rival))
    header = ("instance", "seed", "ours s", "rival", "s", "CPU s", "gap", "loss / ours", "largest weight")
    text = page.table(header, rows)
    note = f"Rivals: at most {cap:g} s for all sign patterns of an instance, weights within ±{rivals.BOX:g}."
    return "\n\n".join([text, " ".join([note, *dict.fromkeys(remarks)])])


def _rival_row(instance: Instance, run: measure.Run, rival: rivals.RivalResult) -> list[str]:
    ratio = rival.loss / run.loss if run.loss > 0 else float("nan")
    verdict = f"{ratio:.6f}" if math.isfinite(ratio) else "–"
    if run.proven and ratio < 1 - 1e-6:
        verdict += " **below our certified optimum**"
    if run.proven and rival.proven and ratio > 1 + 1e-4:
        verdict += " (false: box or tolerance)"
    return [
        instance.name,
        str(run.seed),
        page.seconds(run.seconds) + ("" if run.proven else " (not proven)"),
        rival.solver,
        page.seconds(rival.seconds),
        page.seconds(rival.cpu),
        rival.failure or ("proven" if rival.proven else page.per_cent(rival.gap)),
        verdict,
        f"{rival.largest:.2g}",
    ]


def _enumerate(cap: float) -> str:
    """Run Algorithm 1 as it is written, one convex programme for each pair of patterns."""
    rows = []
    rc.erm([[0.0], [1.0]], [0.0, 1.0], 1, method="enumerate")  # imports cvxpy
    for points in ENUMERATED:
        X, y = rc.teacher(points, 2, 2, 0.3, 0)
        ours = rc.erm(X, y, 2)
        literal = rc.erm(X, y, 2, method="enumerate", time_limit=cap)
        _say(f"Algorithm 1, D={points}: {literal.status}, {page.seconds(literal.seconds)} s")
        rows.append(
            [
                f"teacher n=2 w=2 D={points}",
                page.seconds(ours.seconds),
                page.seconds(literal.seconds),
                f"{literal.nodes:,}",
                str(literal.status),
                f"{literal.loss - ours.loss:.1e}",
            ]
        )
    header = ("literal Algorithm 1, seed 0", "ours s", "s", "programmes", "status", "its loss − ours")
    return page.table(header, rows)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
