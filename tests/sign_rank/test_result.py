"""The result: what it says, and that it sees false proofs."""

from __future__ import annotations

import dataclasses
import json
from fractions import Fraction

import numpy as np
import pytest

import relucomb as rc
from relucomb.sign_rank.result import NoZero


@pytest.fixture
def found() -> rc.SignRank:
    """Return the result for the signed identity."""
    return rc.sign_rank(rc.sign_matrix("signed-identity", 5))


def test_witness(found: rc.SignRank) -> None:
    """The witness has the signs and the rank."""
    assert found.witness.shape == (5, 5)
    assert isinstance(found.witness[0, 0], Fraction)
    assert np.array_equal(np.sign(found.witness.astype(float)), found.matrix)
    assert np.linalg.matrix_rank(found.witness.astype(float)) == 3


def test_false_claims_are_seen(found: rc.SignRank) -> None:
    """A bound that the proof does not have, and a proof for another matrix, do not pass."""
    assert found.verify().passed
    assert not dataclasses.replace(found, upper=2).verify().upper
    assert not dataclasses.replace(found, lower=4).verify().lower
    assert not dataclasses.replace(found, lower_proof=NoZero(3)).verify().lower
    other = dataclasses.replace(found, matrix=-np.abs(found.matrix)).verify()
    assert (other.lower, other.upper) == (False, False)
    assert "NOT PROVEN" in str(other)


def test_words(found: rc.SignRank) -> None:
    """Text and JSON tell the interval and both proofs."""
    assert found.summary().startswith("sign-rank 3 (the sign-rank is known")
    assert str(found) == found.summary()
    told = json.loads(json.dumps(found.to_dict()))
    assert (told["lower"], told["upper"], told["status"]) == (3, 3, "closed")
    assert told["lower_proof"]["kind"] == "cyclic order"
    left, right = (np.array(told["upper_proof"][side]) for side in ("left", "right"))
    assert np.array_equal(np.sign(left @ right.T), found.matrix)
    assert json.loads(json.dumps(found.verify().to_dict())) == {"passed": True, "lower": True, "upper": True}


def test_the_smallest_matrix() -> None:
    """One entry has sign-rank 1."""
    found = rc.sign_rank([[-1]])
    assert (found.lower, found.upper) == (1, 1)
    assert found.verify()
    assert json.dumps(found.to_dict())
