"""Named functions, each against its literal definition at every point of the cube."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import pytest

from relucomb.boolean import BooleanFunction
from relucomb.boolean.named import (
    NAMES,
    andreev_shape,
    chattopadhyay_mande_size,
    named_function,
    odd_max_bit_as_printed,
    parameters_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Bits = tuple[int, ...]


def halves(b: Bits) -> tuple[Bits, Bits]:
    """Return the two arguments of a function of two."""
    return b[: len(b) // 2], b[len(b) // 2 :]


def number(b: Bits) -> int:
    """Return the number whose lowest bit comes first."""
    return int("0" + "".join(map(str, reversed(b))), 2)


def last_one_is_odd(b: Bits) -> bool:
    """Tell whether the last 1 is at an odd place, counted from 1."""
    places = [i for i, bit in enumerate(b, start=1) if bit]
    return bool(places) and places[-1] % 2 == 1


def andreev_literally(b: Bits) -> bool:
    """Definition 10, with the floors of real numbers and the rows as lists."""
    n = len(b)
    x = b[: math.floor(n / 2)]
    rows = math.floor(math.log2(n / 2))
    columns = math.floor(n / (2 * rows))
    rest = b[len(x) :]
    a = [rest[i * columns : (i + 1) * columns] for i in range(rows)]
    return x[number(tuple(sum(row) % 2 for row in a))] == 1


def composition_literally(b: Bits, blocks: int) -> bool:
    """ODD-MAX-BIT of the ORs of the XORs, blocks as lists."""
    xors = [first ^ second for first, second in zip(b[::2], b[1::2], strict=True)]
    width = len(xors) // blocks
    return last_one_is_odd(tuple(int(any(xors[j * width : (j + 1) * width])) for j in range(blocks)))


LITERALLY: dict[str, tuple[list[int], dict[str, Any], Callable[[Bits], bool]]] = {
    "parity": ([1, 2, 3, 6], {}, lambda b: sum(b) % 2 == 1),
    "majority": ([1, 2, 3, 4, 5, 7], {}, lambda b: sum(2 * bit - 1 for bit in b) >= 0),
    "and": ([1, 2, 5], {}, lambda b: all(b)),
    "or": ([1, 2, 5], {}, lambda b: any(b)),
    "xor2": ([2], {}, lambda b: b[0] != b[1]),
    "threshold": ([3, 5, 8], {"k": 3}, lambda b: sum(b) >= 3),
    "odd_max_bit": ([1, 2, 3, 6, 9], {}, last_one_is_odd),
    "odd_max_bit_as_printed": (
        [1, 2, 3, 6, 9],
        {},
        lambda b: not sum((-1) ** (i + 1) * 2**i * (1 + (2 * bit - 1)) for i, bit in enumerate(b, start=1)) >= 0.5,
    ),
    "andreev": ([4, 5, 6, 7, 8, 9, 10, 11, 13], {}, andreev_literally),
    "chattopadhyay_mande": ([4, 8, 12], {"blocks": 2}, lambda b: composition_literally(b, 2)),
    "inner_product": (
        [2, 4, 8],
        {},
        lambda b: sum(x * y for x, y in zip(*halves(b), strict=True)) % 2 == 1,
    ),
    "disjointness": ([2, 4, 8], {}, lambda b: not any(x and y for x, y in zip(*halves(b), strict=True))),
    "equality": ([2, 4, 8], {}, lambda b: halves(b)[0] == halves(b)[1]),
    "greater_than": ([2, 4, 8], {}, lambda b: number(halves(b)[0]) > number(halves(b)[1])),
    "address": (
        [1, 3, 6, 11],
        {},
        lambda b: b[(k := {1: 0, 3: 1, 6: 2, 11: 3}[len(b)]) + number(b[:k])] == 1,
    ),
    "tribes": ([3, 6, 9], {"width": 3}, lambda b: any(all(b[i : i + 3]) for i in range(0, len(b), 3))),
    "hidden_weighted_bit": ([1, 2, 5, 8], {}, lambda b: sum(b) > 0 and b[sum(b) - 1] == 1),
}


def test_every_name_has_a_literal_definition() -> None:
    """None is left out below."""
    assert set(LITERALLY) == set(NAMES)


@pytest.mark.parametrize("name", sorted(LITERALLY))
def test_values_at_every_point(name: str) -> None:
    """The table is what the definition says, for several numbers of variables."""
    sizes, parameters, literally = LITERALLY[name]
    for n in sizes:
        f = BooleanFunction.from_name(name, n, **parameters)
        cube = [tuple(reversed(b)) for b in itertools.product([0, 1], repeat=n)]
        assert f.table.tolist() == [bool(literally(b)) for b in cube], n


def test_tables_in_several_blocks() -> None:
    """Nineteen variables are tabulated in two blocks; samples agree, and so do the numbers of ones."""
    f = named_function("andreev", 19)
    for index in range(0, 1 << 19, 4099):
        bits = tuple(index >> i & 1 for i in range(19))
        assert f(bits) == andreev_literally(bits)
    assert named_function("parity", 19).ones == 1 << 18
    assert named_function("threshold", 19, k=7).ones == sum(math.comb(19, j) for j in range(7, 20))


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_chattopadhyay_mande_of_any_blocks(blocks: int) -> None:
    """Several numbers of blocks; the outer function as printed turns the value round."""
    n = 4 * blocks
    f = named_function("chattopadhyay_mande", n, blocks=blocks)
    for index, value in enumerate(f.table.tolist()):
        assert value == composition_literally(tuple(index >> i & 1 for i in range(n)), blocks)
    printed = named_function("chattopadhyay_mande", n, blocks=blocks, outer="odd_max_bit_as_printed")
    assert printed == ~f


def test_sizes_as_printed() -> None:
    """Cubes and powers of two need no rounding: b = 64 gives OR of 4 + 6 and 1280 variables; b = 8 gives 80."""
    assert chattopadhyay_mande_size(64) == (10, 1280)
    assert chattopadhyay_mande_size(8) == (5, 80)
    for blocks in range(1, 400):
        fan_in, n = chattopadhyay_mande_size(blocks)
        root = min(r for r in range(1, 9) if r**3 >= blocks)
        assert fan_in == root + math.ceil(math.log2(blocks))
        assert n == 2 * blocks * fan_in


def test_shape_of_andreev() -> None:
    """All variables fit, and every number that the rows can spell is in the table."""
    for n in [*range(4, 300), 1 << 20, (1 << 20) + 1]:
        table, rows, columns = andreev_shape(n)
        assert table + rows * columns <= n
        assert columns >= 1
        assert 1 << rows <= table < 2 << rows


def test_unused_variables_of_andreev_do_not_matter() -> None:
    """For n = 11 these are the last of the table of 5 and the last two of all."""
    influences = named_function("andreev", 11).influences
    assert [i for i, influence in enumerate(influences) if not influence] == [4, 9, 10]


def test_restricted_andreev_is_its_table() -> None:
    """Claim 2: with one free variable per row, the others 0, the truth table is x."""
    f = named_function("andreev", 16)
    for x in range(256):
        fixed = {j: x >> j & 1 for j in range(8)} | {8 + 2 * i + 1: 0 for i in range(3)} | {14: 0, 15: 1}
        assert f.restrict(fixed).to_integer() == x


def test_odd_max_bit_as_printed_is_the_negation() -> None:
    """With +1 for true it differs at every point; with −1 for true on both sides, it is the usual one of −x."""
    for n in range(1, 9):
        usual, printed = named_function("odd_max_bit", n), odd_max_bit_as_printed(n)
        assert printed == ~usual
        minus_is_true = ~usual.negate_inputs(range(n))
        assert printed == minus_is_true.negate_inputs(range(n))


def test_names_may_be_spelled_with_hyphens() -> None:
    """Capitals and hyphens do not matter."""
    assert named_function("Odd-Max-Bit", 4) == named_function("odd_max_bit", 4)
    assert parameters_of("chattopadhyay-mande") == ["blocks", "outer"]


@pytest.mark.parametrize(
    ("name", "n", "parameters", "message"),
    [
        ("pairity", 3, {}, "no function named 'pairity'; did you mean parity"),
        ("qqqq", 3, {}, "legal are address, and, andreev"),
        ("threshold", 3, {}, "threshold needs the parameter 'k'"),
        ("threshold", 3, {"kk": 1}, "no parameter 'kk'; did you mean k"),
        ("parity", 3, {"k": 1}, "no parameter 'k'; it has none"),
        ("threshold", 3, {"k": 5}, "k must be a whole number from 0 to 4; got 5"),
        ("threshold", 3, {"k": "two"}, "k must be a whole number"),
        ("threshold", 3, {"k": 1.5}, "k must be a whole number"),
        ("parity", 0, {}, "n must be at least 1; got 0"),
        ("parity", 27, {}, "27 variables would take a table of 16 MiB"),
        ("andreev", 27, {}, "27 variables would take a table of 16 MiB"),
        ("andreev", 3, {}, "n must be at least 4 for andreev"),
        ("address", 4, {}, "1, 3, 6, 11 or 20; got 4"),
        ("xor2", 3, {}, "n must be 2 for xor2"),
        ("tribes", 5, {"width": 2}, "multiple of the width 2"),
        ("tribes", 4, {"width": 0}, "width must be a whole number from 1 on"),
        ("chattopadhyay_mande", 6, {"blocks": 2}, "multiple of 2 · blocks = 4"),
        ("chattopadhyay_mande", 4, {"blocks": 1, "outer": "parity"}, "outer must be odd_max_bit or"),
        ("inner_product", 3, {}, "n must be even for inner_product"),
    ],
)
def test_refusals(name: str, n: int, parameters: dict[str, Any], message: str) -> None:
    """Each message names what is wrong and what is legal."""
    with pytest.raises(ValueError, match=message):
        named_function(name, n, **parameters)
