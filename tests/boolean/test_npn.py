"""Classes up to symmetry: known numbers, canonical forms by brute force, transformations that lead there and back."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relucomb.boolean import BooleanFunction
from relucomb.boolean.npn import Group, Transformation, npn_canonical, npn_classes, npn_labels
from relucomb.boolean.threshold import threshold_functions

GROUPS: list[Group] = ["P", "NP", "NPN"]
tables = st.integers(0, 4).flatmap(
    lambda n: st.lists(st.booleans(), min_size=1 << n, max_size=1 << n).map(BooleanFunction)
)


def literal_orbit(f: BooleanFunction, group: Group) -> set[int]:
    """Return the numbers of all that the symmetries make of a function, point by point."""
    found = set()
    for order in itertools.permutations(range(f.n)):
        for turned in itertools.product([0, 1] if group != "P" else [0], repeat=f.n):
            values = []
            for k in range(1 << f.n):
                bits = [(k >> i & 1) ^ turned[i] for i in range(f.n)]
                values.append(bool(f([bits[i] for i in order])) if f.n else bool(f.table[0]))
            for negated in [False, True] if group == "NPN" else [False]:
                found.add(sum(1 << k for k, value in enumerate(values) if value != negated))
    return found


@pytest.mark.parametrize(
    ("group", "counts"),
    [("P", [2, 4, 12, 80, 3984]), ("NP", [2, 3, 6, 22, 402]), ("NPN", [1, 2, 4, 14, 222])],
)
def test_numbers_of_classes(group: Group, counts: list[int]) -> None:
    """OEIS A003180, A000616, A000370 for 0 to 4 variables; the sizes add up to all functions."""
    for n, count in enumerate(counts):
        classes = npn_classes(n, group)
        assert len(classes) == count
        assert sum(found.size for found in classes) == 1 << (1 << n)


@pytest.mark.parametrize(("group", "counts"), [("P", [4, 10, 34, 178]), ("NP", [3, 5, 10, 27]), ("NPN", [2, 3, 6, 15])])
def test_numbers_of_classes_of_threshold_functions(group: Group, counts: list[int]) -> None:
    """Threshold functions of 1 to 4 variables; A001532 for all symmetries."""
    for n, count in enumerate(counts, start=1):
        assert len(npn_classes(n, group, threshold_functions(n))) == count


def test_threshold_functions_of_five_variables() -> None:
    """94572 functions are 63 classes (A001532)."""
    classes = npn_classes(5, "NPN", threshold_functions(5))
    assert (len(classes), sum(found.size for found in classes)) == (63, 94572)


@pytest.mark.parametrize("group", GROUPS)
@given(f=st.integers(0, 3).flatmap(lambda n: st.integers(0, (1 << (1 << n)) - 1).map(lambda k: (k, n))))
def test_canonical_form_is_the_least(group: Group, f: tuple[int, int]) -> None:
    """The canonical form is the least of the literal orbit, and labels say the same."""
    function = BooleanFunction.from_integer(*f)
    orbit = literal_orbit(function, group)
    number = npn_canonical(function, group).function.to_integer()
    assert number == min(orbit)
    assert npn_labels(function.n, group)[function.to_integer()] == number


@pytest.mark.parametrize("group", GROUPS)
@given(f=tables)
def test_transformations_lead_there_and_back(group: Group, f: BooleanFunction) -> None:
    """The transformation makes the canonical form of the function, its inverse the function of the form."""
    form, there = npn_canonical(f, group)
    assert there(f) == form
    assert there.inverse()(form) == f
    assert there.inverse().inverse()(f) == form
    assert npn_canonical(form, group).function == form
    assert group == "NPN" or not there.negated
    assert group != "P" or not there.turned


@given(
    st.integers(0, (1 << 64) - 1),
    st.permutations(range(6)),
    st.sets(st.integers(0, 5)),
    st.booleans(),
)
def test_six_variables(number: int, order: list[int], turned: set[int], negated: bool) -> None:
    """Functions of six variables that are symmetric to each other have one canonical form."""
    f = BooleanFunction.from_integer(number, 6)
    g = Transformation(tuple(order), tuple(sorted(turned)), negated)(f)
    assert f.npn_canonical().function == g.npn_canonical().function


def test_labels_are_the_sizes_of_classes() -> None:
    """The labels of all functions, counted, are the classes."""
    labels, sizes = np.unique(npn_labels(3), return_counts=True)
    classes = npn_classes(3)
    assert labels.tolist() == [found.representative.to_integer() for found in classes]
    assert sizes.tolist() == [found.size for found in classes]


def test_classes_of_some_functions() -> None:
    """Only what is given is counted, once each, even if a class has other members."""
    chosen = [BooleanFunction.from_integer(k, 2) for k in (1, 2, 2, 7, 6)]
    found = [(c.representative.to_integer(), c.size) for c in npn_classes(2, functions=chosen)]
    assert found == [(1, 3), (6, 1)]
    assert npn_classes(3, functions=[]) == []


def test_refusals() -> None:
    """Too many variables, other variables and unknown groups are named."""
    with pytest.raises(ValueError, match="6 variables at most; got 7"):
        BooleanFunction.from_name("parity", 7).npn_canonical()
    with pytest.raises(ValueError, match="at most 4 for the classes of all functions; got 5"):
        npn_classes(5)
    with pytest.raises(ValueError, match="must have 2 variables; got one of 3"):
        npn_classes(2, functions=[BooleanFunction.from_name("or", 3)])
    with pytest.raises(ValueError, match="group must be"):
        npn_classes(2, "N")  # type: ignore[arg-type]
