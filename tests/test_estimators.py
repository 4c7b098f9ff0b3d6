"""Tests of the scikit-learn estimators."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

import relucomb as rc
from relucomb.erm_result import Termination
from relucomb.estimators import ExactReLUClassifier, ExactReLURegressor

HAT = np.array([[0.0], [1.0], [2.0]]), np.array([0.0, 1.0, 0.0])
ESTIMATORS = [
    ExactReLURegressor(width=2, node_limit=200),
    ExactReLURegressor(loss="absolute", node_limit=200),
    ExactReLUClassifier(node_limit=200),
]


def points(count: int, features: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return small random integers: points and targets."""
    random = np.random.default_rng(seed)
    return random.integers(-4, 5, (count, features)).astype(float), random.integers(-3, 4, count).astype(float)


@parametrize_with_checks(ESTIMATORS)
def test_scikit_learn_conventions(estimator: Any, check: Any) -> None:
    """Every check of scikit-learn passes; none is expected to fail."""
    check(estimator)


@pytest.mark.parametrize("loss", ["squared", "absolute"])
@pytest.mark.parametrize("output_bias", [False, True])
@pytest.mark.parametrize("hidden_bias", [False, True])
@pytest.mark.parametrize("features", [1, 2])
def test_the_regressor_is_erm(loss: str, output_bias: bool, hidden_bias: bool, features: int) -> None:
    """Network, loss, bound and number of nodes are those of rc.erm with the same arguments."""
    X, y = points(9, features, 3)
    model = ExactReLURegressor(2, loss=loss, output_bias=output_bias, hidden_bias=hidden_bias, random_state=5)
    model.fit(X, y)
    result = rc.erm(X, y, 2, loss=loss, output_bias=output_bias, hidden_bias=hidden_bias, node_limit=20_000, seed=5)
    assert model.network_ == result.network
    assert (model.status_, model.loss_, model.lower_bound_) == (result.status, result.loss, result.lower_bound)
    assert (model.gap_, model.n_nodes_) == (result.gap, result.nodes)
    assert model.predict(X).tolist() == result.network(X).tolist()


@pytest.mark.parametrize("width", [1, 2])
def test_the_classifier_is_erm_with_the_hinge_loss(width: int) -> None:
    """The first class is -1, the second 1, and the decision is the network."""
    X, y = points(10, 2, 4)
    names = np.where(y > 0, "yes", "no")
    model = ExactReLUClassifier(width).fit(X, names)
    result = rc.erm(X, np.where(y > 0, 1, -1), width, loss="hinge", output_bias=True, node_limit=20_000)
    assert model.network_ == result.network
    assert model.decision_function(X).tolist() == result.network(X).tolist()
    assert model.predict(X).tolist() == np.where(result.network(X) > 0, "yes", "no").tolist()


def test_the_hat_needs_two_units() -> None:
    """One unit leaves a mean squared error of 1/6, two interpolate."""
    one, two = (ExactReLURegressor(width).fit(*HAT) for width in (1, 2))
    assert one.status_ == two.status_ == "optimal"
    assert one.loss_ == pytest.approx(1 / 6)
    assert two.loss_ == pytest.approx(0, abs=1e-12)
    assert two.predict(HAT[0]) == pytest.approx(HAT[1], abs=1e-6)


@pytest.mark.parametrize("features", [1, 3, 10])
def test_one_unit_is_never_worse_than_linear_regression(features: int) -> None:
    """Affine functions are networks of width 1 with both biases; also where the search does not get far."""
    X, y = points(40, features, features)
    loss = np.mean((LinearRegression().fit(X, y).predict(X) - y) ** 2)
    assert ExactReLURegressor(node_limit=50).fit(X, y).loss_ <= loss * (1 + 1e-9)


@pytest.mark.parametrize(
    "labels",
    [
        np.array([0, 1]),
        np.array([-1.0, 1.0]),
        np.array([False, True]),
        np.array(["a", "b"]),
        np.array(["a", "b"], dtype=object),
        pd.Series(["a", "b"]),
        pd.Series(["a", "b"], dtype="category"),
    ],
    ids=lambda labels: str(labels.dtype),
)
def test_any_two_labels(labels: Any) -> None:
    """The network does not depend on what the classes are called."""
    X, y = points(12, 2, 6)
    index = (y > 0).astype(int)
    called = labels.iloc[index].reset_index(drop=True) if isinstance(labels, pd.Series) else labels[index]
    model = ExactReLUClassifier().fit(X, called)
    assert model.classes_.tolist() == list(labels)
    assert model.network_ == ExactReLUClassifier().fit(X, 2 * index - 1).network_
    assert set(model.predict(X)) <= set(labels)


def test_pipeline_and_cross_validation() -> None:
    """Scaling the columns does not change the optimum, and a pipeline can be cross-validated."""
    X, y = points(20, 2, 7)
    pipeline = make_pipeline(StandardScaler(), ExactReLURegressor()).fit(X, y)
    assert pipeline[-1].loss_ == pytest.approx(ExactReLURegressor().fit(X, y).loss_)
    assert cross_val_score(pipeline, X, y, cv=3).shape == (3,)
    assert cross_val_score(ExactReLUClassifier(), X, y > 0, cv=3).shape == (3,)


def test_grid_search_finds_the_width() -> None:
    """Two units are chosen for the absolute value, and the best estimator is refitted."""
    X = np.linspace(-2, 2, 21)[:, None]
    search = GridSearchCV(ExactReLURegressor(), {"width": np.array([1, 2]), "output_bias": [False, True]}, cv=3)
    search.fit(X[::-1], np.abs(X[::-1, 0]))
    assert search.best_params_["width"] == 2
    assert search.best_estimator_.loss_ == pytest.approx(0, abs=1e-12)


def test_pickle_and_clone() -> None:
    """A pickled estimator predicts the same and keeps its result; a clone has the parameters only."""
    model = ExactReLURegressor(2, gap=0.01).fit(*HAT)
    copy = pickle.loads(pickle.dumps(model))
    assert copy.predict(HAT[0]).tolist() == model.predict(HAT[0]).tolist()
    assert copy.result_ == model.result_
    assert copy.result_.verify().passed
    fresh = clone(model)
    assert fresh.get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        fresh.predict(HAT[0])


def test_column_names() -> None:
    """The names of a data frame's columns are kept and checked."""
    frame = pd.DataFrame({"height": [0.0, 1.0, 2.0], "age": [1.0, 0.0, 5.0]})
    model = ExactReLURegressor().fit(frame, HAT[1])
    assert model.feature_names_in_.tolist() == ["height", "age"]
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame[["age", "height"]])


def test_a_limit_is_a_status() -> None:
    """A search that stops early raises and warns of nothing, and says so."""
    X, y = points(30, 3, 8)
    model = ExactReLURegressor(2, node_limit=10).fit(X, y)
    assert model.status_ == "feasible"
    assert model.result_.termination == "node_limit"
    assert model.lower_bound_ < model.loss_
    assert model.gap_ > 0


def test_random_states() -> None:
    """Equal generators give equal fits; None is allowed."""
    X, y = points(12, 2, 9)
    first, second = (ExactReLURegressor(random_state=np.random.RandomState(1)).fit(X, y) for _ in range(2))
    assert first.network_ == second.network_
    loss = ExactReLURegressor(random_state=None).fit(X, y).loss_
    assert loss == pytest.approx(first.loss_)
    with pytest.raises(ValueError, match="'seed' cannot be used to seed"):
        ExactReLURegressor(random_state="seed").fit(X, y)


def test_only_a_time_limit_makes_the_result_depend_on_the_clock() -> None:
    """The tags say it, and that there are two classes only."""
    assert not get_tags(ExactReLURegressor()).non_deterministic
    assert get_tags(ExactReLURegressor(time_limit=1.0)).non_deterministic
    assert not get_tags(ExactReLUClassifier()).classifier_tags.multi_class


def test_ctrl_c_ends_the_cross_validation_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted search raises KeyboardInterrupt, and the estimator is fitted with what was found."""

    def interrupted(*args: Any, **options: Any) -> rc.ERMResult:
        return replace(rc.erm(*args, **options), termination=Termination.interrupted)

    monkeypatch.setattr("relucomb.estimators.erm", interrupted)
    model = ExactReLURegressor()
    with pytest.raises(KeyboardInterrupt):
        model.fit(*HAT)
    assert model.predict(HAT[0]).shape == (3,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": "hinge"}, "loss is 'hinge'; legal are 'squared', 'absolute'"),
        ({"width": 0}, "width is 0; legal is"),
        ({"node_limit": -1}, "node_limit is -1; legal is"),
        ({"gap": -0.1}, "gap is -0.1; legal is"),
        ({"workers": 0}, "workers is 0; legal is"),
    ],
)
def test_illegal_parameters_are_named_by_fit(options: dict[str, Any], message: str) -> None:
    """Nothing is checked before fit, which names the parameter, what it got and what is legal."""
    model = ExactReLURegressor(**options)
    with pytest.raises(ValueError, match=message):
        model.fit(*HAT)


@pytest.mark.parametrize(
    "estimator", [ExactReLURegressor(), ExactReLUClassifier()], ids=lambda model: type(model).__name__
)
@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        ([0, 1, 2], [0, 1, 0], ValueError, "Expected 2D array, got 1D array instead"),
        (np.zeros((0, 1)), [], ValueError, "Found array with 0 sample"),
        ([[0], [np.nan], [2]], [0, 1, 0], ValueError, "Input X contains NaN"),
        ([[0], [np.inf], [2]], [0, 1, 0], ValueError, "Input X contains infinity"),
        ([[0], [1], [2]], [0, np.nan, 0], ValueError, "Input y contains NaN"),
        ([[0], [1], [2]], [[0, 1], [1, 0], [0, 1]], ValueError, "y should be a 1d array"),
        ([[0], [1], [2]], [0, 1], ValueError, "inconsistent numbers of samples"),
        (sparse.csr_array([[0.0], [1.0], [2.0]]), [0, 1, 0], TypeError, "Sparse data was passed"),
    ],
    ids=["1-D", "empty", "NaN in X", "infinity in X", "NaN in y", "two targets", "lengths", "sparse"],
)
def test_illegal_data_are_refused_in_the_words_of_scikit_learn(
    estimator: Any, X: Any, y: Any, error: type[Exception], message: str
) -> None:
    """A user of scikit-learn knows these messages."""
    with pytest.raises(error, match=message):
        clone(estimator).fit(X, y)


def test_sample_weights_are_refused() -> None:
    """They would change the loss silently if they were ignored."""
    with pytest.raises(TypeError, match="sample_weight"):
        ExactReLURegressor().fit(*HAT, sample_weight=[1, 2, 3])  # type: ignore[call-arg]


def test_one_class_and_three_classes_are_refused() -> None:
    """The messages say what is needed; one against the rest works for three."""
    X = np.arange(9.0)[:, None]
    with pytest.raises(ValueError, match="y holds 1 class, 'a'; 2 classes are needed"):
        ExactReLUClassifier().fit(X, ["a"] * 9)
    labels = np.repeat(["a", "b", "c"], 3)
    with pytest.raises(ValueError, match=r"Only binary classification is supported.*OneVsRestClassifier"):
        ExactReLUClassifier().fit(X, labels)
    with pytest.raises(ValueError, match="Unknown label type"):
        ExactReLUClassifier().fit(X, np.linspace(0, 1, 9))
    assert OneVsRestClassifier(ExactReLUClassifier(2)).fit(X, labels).score(X, labels) == 1.0


def test_without_scikit_learn_the_message_says_what_to_install() -> None:
    """The extra is named, and the rest of the package works."""
    program = (
        f"import sys; sys.path[:0] = {sys.path!r}; sys.modules['sklearn'] = None\n"
        "import relucomb; relucomb.ReLUNetwork\n"
        "try:\n    relucomb.ExactReLURegressor\nexcept ImportError as error:\n    print(error)"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert "pip install 'relucomb[sklearn]'" in run.stdout
