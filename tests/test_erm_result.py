import json
import math

import relucomb as rc
from relucomb.erm_result import ProofLevel, Status, Termination, relative_gap


def test_members_equal_their_names():
    """A status compares with a string and prints as one; its value is a sentence."""
    assert Status.optimal == "optimal"
    assert Status.optimal != "feasible"
    assert str(Termination.time_limit) == "time_limit"
    assert "raise time_limit" in Termination.time_limit.value
    assert len({Status.optimal, Status.feasible, ProofLevel.float}) == 3


def test_gap():
    """Relative to the loss; nothing to divide where they are equal or there is no loss."""
    assert relative_gap(4.0, 3.0) == 0.25
    assert relative_gap(0.0, 0.0) == 0.0
    assert math.isinf(relative_gap(math.inf, 1.0))


def test_dictionary_is_json():
    """The plain values survive JSON, network included."""
    result = rc.erm([[0], [1], [2]], [0, 1, 0], 1)
    plain = json.loads(json.dumps(result.to_dict()))
    assert plain["status"] == "optimal"
    assert plain["loss"] == result.loss
    assert rc.ReLUNetwork.from_json(plain["network"]) == result.network
    assert "optimal" in result.summary()
