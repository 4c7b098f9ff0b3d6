"""Measure rc.count_pieces on the networks of docs/benchmarks.md, beside other counters.

    python scripts/bench_pieces.py --quick                   # the small networks, no rivals, about half a minute
    python scripts/bench_pieces.py --write                   # all of ours, and into docs/benchmarks.md
    python scripts/bench_pieces.py --rivals PYTHON --write   # everything; about half an hour
    python scripts/bench_pieces.py --only "2-[8,8]" --rivals PYTHON --cap 20

PYTHON is an interpreter that has some of the rivals: scipy for linear programmes in floats (so the one that runs this
script will do), pycddlib built with GMP for exact ones, relucent, and, with PyTorch, the modules of
relu_edge_subdivision and canonicalpoly2.0 on its path. Whatever it does not have is skipped, with a notice. Rivals run
in processes of their own and never in this one, so that what they need, and their licences, stay out of the environment
of this package. Tables go to the standard output, what is going on to the standard error.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from benchmarks import page, piece_measure
from benchmarks.piece_measure import Timing, timed
from benchmarks.piece_networks import INSTANCES, Instance, as_network, battery
from benchmarks.piece_rivals import BOX, RIVALS, Answer, MissingRivalError, Rival, ask

import relucomb as rc

if TYPE_CHECKING:
    from collections.abc import Sequence

SAWTEETH = ((10, 4), (10, 5), (7, 6))
COMPOSED = (10, 6)


def main() -> int:
    """Run what the arguments ask for."""
    options = _arguments()
    chosen = [one for one in INSTANCES if not options.only or any(part in one.name for part in options.only)]
    if options.quick:
        chosen = [one for one in chosen if one.aim is not None and one.aim <= 1.0]
    if not chosen:
        _say(f"there is no such instance; there are {', '.join(dict.fromkeys(one.name for one in INSTANCES))}")
        return 2
    texts: dict[str, str] = {}
    finished = _run(chosen, options, texts)
    print("\n\n".join(texts.values()))
    if options.write and not finished:
        _say("interrupted: docs/benchmarks.md stays as it is")
    elif options.write:
        for part, text in texts.items():
            page.replace_part(part, text)
    return 0 if finished else 130


def _run(chosen: Sequence[Instance], options: argparse.Namespace, texts: dict[str, str]) -> bool:
    """Write the parts of the page into ``texts``; tell whether nobody interrupted."""
    try:
        parts = [page.machine(PACKAGES, day=False)]
        if not options.quick:
            _say("start-up: compiling in a fresh interpreter …")
            parts.append(_start_up())
        _say("warming up …")
        piece_measure.warm_up()
        parts.append(_counts(chosen, with_memory=not options.quick))
        if not options.only:
            parts.append(_sawteeth())
        texts["pieces"] = "\n\n".join(parts)
        if options.rivals:
            parts = [page.machine(PACKAGES, day=False)]
            parts += _beside_rivals([one for one in chosen if one.rivals], options.rivals, options.cap)
            texts["pieces-rivals"] = "\n\n".join(parts)
    except KeyboardInterrupt:
        return False
    return True


PACKAGES = {"relucomb": "relucomb", "numpy": "numpy", "numba": "numba", "python-flint": "python-flint"}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small networks only, no memory, no start-up times")
    parser.add_argument("--rivals", metavar="PYTHON", help="compare with the rivals that this interpreter has")
    parser.add_argument("--cap", type=float, default=120.0, help="seconds for a rival on one network (default 120)")
    parser.add_argument("--only", action="append", metavar="NAME", help="networks with this in their names; repeatable")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args()
    if options.write and (options.quick or options.only):
        parser.error("--write wants the whole table; leave out --quick and --only")
    if options.cap <= 0:
        parser.error(f"--cap is {options.cap}; legal are positive numbers")
    return options


def _start_up() -> str:
    rows = [[name, *(_clocks(*times) for times in both)] for name, both in piece_measure.start_up()]
    return page.table(("fresh interpreter", "first count, wall / CPU s", "with gluing too, wall / CPU s"), rows)


def _counts(chosen: Sequence[Instance], with_memory: bool) -> str:
    """Count regions and pieces of every network."""
    rows = []
    for instance in chosen:
        net = instance.network()
        row = [instance.name, instance.entries]
        worst = 0.0
        for kind in ("activation", "affine") if instance.glued else ("activation",):
            run = timed(lambda net=net, kind=kind: rc.count_pieces(net, kind))
            memory = piece_measure.peak_memory(instance, kind) if with_memory else None
            worst = max(worst, run.seconds)
            row += [f"{run.value:,}", _clocks(run.seconds, run.cpu), _mebibytes(memory)]
            _say(f"{instance.name} {instance.entries} {kind}: {' | '.join(row[-3:])}")
        row += ["–"] * (8 - len(row))
        aim = "–" if instance.aim is None else f"{instance.aim:g} s {'✓' if worst <= instance.aim else '✗'}"
        rows.append([*row, aim])
    header = ("network", "entries", "regions", "wall / CPU s", "MiB", "pieces", "wall / CPU s", "MiB", "aim")
    return page.table(header, rows)


def _sawteeth() -> str:
    """Count sawtooth networks with one input, in two ways, and one of a million pieces by composition."""
    rows = []
    for w, k in SAWTEETH:
        sawtooth = rc.families.Sawtooth.equal_steps(w, k)
        net = sawtooth.network()
        counted = timed(lambda net=net: rc.count_pieces(net))
        composed = timed(lambda net=net: rc.PiecewiseLinear.from_network(net).count_pieces())
        _same(sawtooth.count_pieces(), [counted.value, composed.value], f"sawtooth {w}^{k}")
        rows.append([f"{w}^{k}", f"{counted.value:,}", _clocks_of(counted), _clocks_of(composed)])
    w, k = COMPOSED
    built = timed(lambda: rc.families.Sawtooth.equal_steps(w, k).piecewise_linear().count_pieces())
    _same(rc.families.Sawtooth.equal_steps(w, k).count_pieces(), [built.value], f"sawtooth {w}^{k}")
    rows.append([f"{w}^{k}", f"{built.value:,}", "–", f"{_clocks_of(built)} (composed)"])
    header = ("sawtooth", "pieces on R", "`rc.count_pieces`, wall / CPU s", "`rc.PiecewiseLinear`, wall / CPU s")
    return page.table(header, rows)


def _beside_rivals(chosen: Sequence[Instance], python: str, cap: float) -> list[str]:
    """Let rivals count what we count, as far as they come."""
    ours = {one: _ours(one) for one in chosen}
    running, missing = [], []
    columns: dict[str, dict[Instance, str]] = {}
    for rival in RIVALS:
        column: dict[Instance, str] = {}
        try:
            for one in chosen:
                [answer] = ask(rival, python, [one.layers()], cap, repeats=3)
                column[one] = _compared(answer, ours[one][rival.boxed], cap)
                _say(f"{rival.name}, {one.name}: {column[one]} {answer.error[:200]}")
                if answer.error == "stopped":
                    break
        except MissingRivalError as error:
            _say(f"{rival.name} is skipped: {error}")
            missing.append(rival.name)
            continue
        running.append(rival)
        columns[rival.name] = column
    if not running:
        return [f"No rival was found: {', '.join(missing)}."]
    rows = [
        [one.name, *(f"{run.value:,}: {_clocks_of(run)}" for run in ours[one])]
        + [columns[rival.name].get(one, "–") for rival in running]
        for one in chosen
    ]
    header = ("network", "ours on R^n", "ours in the box", *(rival.name for rival in running))
    notes = [f"- *{rival.name}*: {rival.text}." for rival in running]
    notes += [f"- Not installed, not measured: {', '.join(missing)}."] if missing else []
    return [page.table(header, rows), "\n".join(notes), _degenerate(running, python, cap)]


def _ours(instance: Instance) -> tuple[Timing, Timing]:
    """Count regions on R^n and in the box."""
    net, box = instance.network(), [(-BOX, BOX)] * instance.widths[0]
    return timed(lambda: rc.count_pieces(net, "activation")), timed(lambda: rc.count_pieces(net, "activation", box))


def _compared(answer: Answer, ours: Timing, cap: float) -> str:
    if answer.error == "stopped":
        return f"> {cap:g}"
    if answer.count is None:
        return f"refused ({answer.error.split(':')[0]})"
    verdict = "" if answer.count == ours.value else f", **{answer.count:,} regions**"
    return f"{_clocks(answer.seconds, answer.cpu)} ({_ratio(answer.cpu / ours.cpu)}×){verdict}"


def _degenerate(running: Sequence[Rival], python: str, cap: float) -> str:
    """Count right, wrong and missing answers on thirty small networks with entries from −2 to 2."""
    networks = battery()
    box = [(-BOX, BOX)] * 2
    true = [
        [rc.count_pieces(as_network(layers), "activation", domain) for layers in networks] for domain in (None, box)
    ]
    rows = []
    for rival in running:
        answers = ask(rival, python, networks, cap, repeats=1)
        right = sum(answer.count == count for answer, count in zip(answers, true[rival.boxed], strict=True))
        refused = sum(answer.count is None for answer in answers)
        reasons = sorted({answer.error.split(":")[0] for answer in answers if answer.error})
        rows.append([rival.name, str(right), str(len(answers) - right - refused), str(refused), ", ".join(reasons)])
        _say(f"degenerate networks: {' | '.join(rows[-1])}")
    return page.table(("30 degenerate networks 2-[4,3]-1", "right", "wrong", "refused", "with"), rows)


def _same(expected: int, found: Sequence[int], what: str) -> None:
    if any(number != expected for number in found):
        raise AssertionError(f"{what}: {expected} by formula, counted {found}")


def _clocks(wall: float, cpu: float) -> str:
    return f"{page.seconds(wall)} / {page.seconds(cpu)}"


def _clocks_of(run: Timing) -> str:
    return _clocks(run.seconds, run.cpu)


def _ratio(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"


def _mebibytes(memory: tuple[float, float] | None) -> str:
    return "–" if memory is None else f"{memory[1] - memory[0]:,.0f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
