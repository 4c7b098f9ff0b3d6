"""Exact empirical risk minimisation as scikit-learn estimators (extra ``sklearn``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from relucomb.erm import erm
from relucomb.exceptions import RelucombError

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets, type_of_target
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError(
        "ExactReLURegressor and ExactReLUClassifier need scikit-learn 1.6 or newer: pip install 'relucomb[sklearn]'"
    ) from error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from relucomb.erm_result import ERMResult, Status
    from relucomb.networks import ReLUNetwork

__all__ = ["ExactReLUClassifier", "ExactReLURegressor"]

REGRESSION_LOSSES = ("squared", "absolute")


class _ExactReLUEstimator(BaseEstimator):  # type: ignore[misc]
    """What regressor and classifier share: the search's parameters, and what a fit leaves behind."""

    result_: ERMResult
    network_: ReLUNetwork
    status_: Status
    loss_: float
    lower_bound_: float
    gap_: float
    n_nodes_: int
    n_features_in_: int

    def __init__(
        self,
        width: int = 1,
        *,
        output_bias: bool = True,
        hidden_bias: bool = True,
        time_limit: float | None = None,
        node_limit: int | None = 20_000,
        gap: float = 0.0,
        workers: int = 1,
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.width = width
        self.output_bias = output_bias
        self.hidden_bias = hidden_bias
        self.time_limit = time_limit
        self.node_limit = node_limit
        self.gap = gap
        self.workers = workers
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = self.time_limit is not None  # then the clock decides where the search stops
        return tags

    def _minimise(self, X: NDArray[np.float64], y: NDArray[Any], loss: str) -> Self:
        result = erm(
            X,
            y,
            self.width,
            loss=loss,
            output_bias=self.output_bias,
            hidden_bias=self.hidden_bias,
            time_limit=self.time_limit,
            node_limit=self.node_limit,
            gap=self.gap,
            workers=self.workers,
            seed=_seed(self.random_state),
        )
        if result.network is None:
            raise RelucombError(f"the search ended without a network: {result.termination.value}")
        self.result_ = result
        self.network_ = result.network
        self.status_ = result.status
        self.loss_, self.lower_bound_, self.gap_ = result.loss, result.lower_bound, result.gap
        self.n_nodes_ = result.nodes
        if result.termination == "interrupted":
            # Ctrl-C must also end the cross-validation around this fit; the best network so far stays fitted
            raise KeyboardInterrupt
        return self

    def _values(self, X: ArrayLike) -> NDArray[np.float64]:
        check_is_fitted(self)
        return self.network_(validate_data(self, X, dtype=np.float64, reset=False))


class ExactReLURegressor(RegressorMixin, _ExactReLUEstimator):  # type: ignore[misc]
    """The regression network ``c + Σ_i s_i max(0, a_i·x + b_i)``, ``s_i = ±1``, of least mean loss on the data.

    Training is a global search (:func:`relucomb.erm`): with ``status_ == "optimal"`` no network of this width fits the
    training data better. There is no step size and no regularisation; ``width`` is the only capacity to choose, by
    cross-validation for instance.

    Parameters
    ----------
    width
        Number of hidden units. Width 1 with both biases contains all affine functions.
    loss
        ``"squared"`` ((f − y)²) or ``"absolute"`` (|f − y|); the mean over the points is minimised.
    output_bias, hidden_bias
        Whether there are a free ``c`` and free ``b_i``.
    time_limit
        Seconds after which to keep the best network so far. Where that is depends on the machine and its load; prefer
        ``node_limit`` for results that can be repeated.
    node_limit
        Number of nodes of the search after which to keep the best network so far; ``None`` searches until the proof
        is complete, however long that takes.
    gap
        Stop when the loss is proven within this share of it of the optimum.
    workers
        Number of threads of one fit; a grid search is better served by its own ``n_jobs``.
    random_state
        Integer, ``RandomState`` or ``None`` (different from fit to fit): where the search for a first network starts.

    Attributes
    ----------
    network_
        The :class:`~relucomb.ReLUNetwork`.
    status_
        ``"optimal"``, or ``"feasible"`` if the search ended before the proof. **A limit raises no warning**: ask here.
    loss_, lower_bound_, gap_
        Mean loss on the training data, what is proven for all networks of the class, and their relative distance.
    n_nodes_
        Nodes that the search examined.
    result_
        The whole :class:`~relucomb.ERMResult`, training data included.
    n_features_in_, feature_names_in_
        Number of columns of ``X``, and their names if they were strings.

    Raises
    ------
    ValueError, TypeError
        By ``fit``: a parameter or the data are not legal. ``X`` must be a dense table of finite numbers, ``y`` one
        column.
    KeyboardInterrupt
        By ``fit``, after Ctrl-C; the best network so far stays fitted.

    Notes
    -----
    Sample weights are not supported; repeat a point to count it several times. The proof is that of
    :func:`relucomb.erm`, which names its sources. Its effort grows quickly with width and number of columns: beyond
    two units or a few columns expect ``"feasible"``, a good network without the proof that it is the best.

    Examples
    --------
    >>> model = ExactReLURegressor(width=2).fit([[0], [1], [2], [3]], [0, 1, 0, 1])
    >>> str(model.status_), round(model.loss_, 6)
    ('optimal', 0.125)
    >>> model.predict([[1], [2]]).round(4)
    array([0.5, 0.5])
    """

    def __init__(
        self,
        width: int = 1,
        *,
        loss: str = "squared",
        output_bias: bool = True,
        hidden_bias: bool = True,
        time_limit: float | None = None,
        node_limit: int | None = 20_000,
        gap: float = 0.0,
        workers: int = 1,
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        super().__init__(
            width,
            output_bias=output_bias,
            hidden_bias=hidden_bias,
            time_limit=time_limit,
            node_limit=node_limit,
            gap=gap,
            workers=workers,
            random_state=random_state,
        )
        self.loss = loss

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Find the best network for points ``(D, n)`` and targets ``(D,)``; the class tells the errors."""
        if self.loss not in REGRESSION_LOSSES:
            raise ValueError(f"loss is {self.loss!r}; legal are {', '.join(map(repr, REGRESSION_LOSSES))}")
        points, targets = validate_data(self, X, y, dtype=np.float64, y_numeric=True)
        return self._minimise(points, targets, self.loss)

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the network's values ``(N,)`` at points ``(N, n)``."""
        return self._values(X)


class ExactReLUClassifier(ClassifierMixin, _ExactReLUEstimator):  # type: ignore[misc]
    """Two classes parted by the sign of a ReLU network ``f = c + Σ_i s_i max(0, a_i·x + b_i)`` of least hinge loss.

    The mean of ``max(0, 1 − t f(x))`` is minimised globally (:func:`relucomb.erm`), where ``t`` is −1 for the first
    class and 1 for the second. A loss of 0 means that the network separates the classes, with a margin.

    Parameters
    ----------
    width, output_bias, hidden_bias, time_limit, node_limit, gap, workers, random_state
        As for :class:`ExactReLURegressor`.

    Attributes
    ----------
    classes_
        The two labels, sorted; they may be of any type that can be sorted.
    network_, status_, loss_, lower_bound_, gap_, n_nodes_, result_, n_features_in_, feature_names_in_
        As for :class:`ExactReLURegressor`; the loss is the mean hinge loss. **A limit raises no warning**: ask
        ``status_``.

    Raises
    ------
    ValueError, TypeError
        By ``fit``: a parameter or the data are not legal, or there are not exactly two classes.
    KeyboardInterrupt
        By ``fit``, after Ctrl-C; the best network so far stays fitted.

    Notes
    -----
    There are no probabilities: the hinge loss does not estimate any. With more than two classes wrap the estimator in
    :class:`sklearn.multiclass.OneVsRestClassifier`. Sample weights are not supported.

    Examples
    --------
    One unit cannot tell the ends of a line from its middle, two can:

    >>> X, y = [[0], [1], [2], [3]], ["end", "middle", "middle", "end"]
    >>> [round(ExactReLUClassifier(width).fit(X, y).loss_, 6) for width in (1, 2)]
    [0.5, 0.0]
    >>> ExactReLUClassifier(2).fit(X, y).predict([[-1], [1.5]])
    array(['end', 'middle'], dtype='<U6')
    """

    classes_: NDArray[Any]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Find the best network for points ``(D, n)`` and two kinds of labels ``(D,)``; the class tells the errors."""
        points, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        kind = type_of_target(labels, input_name="y", raise_unknown=True)
        if kind != "binary":
            raise ValueError(
                f"Only binary classification is supported. The type of the target is {kind}; "
                "for more classes wrap the estimator in sklearn.multiclass.OneVsRestClassifier."
            )
        classes, index = np.unique(labels, return_inverse=True)
        if len(classes) != 2:
            raise ValueError(f"y holds 1 class, {classes.tolist()[0]!r}; 2 classes are needed")
        self.classes_ = classes
        return self._minimise(points, 2.0 * index - 1.0, "hinge")

    def decision_function(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the network's values ``(N,)`` at points ``(N, n)``: positive for ``classes_[1]``."""
        return self._values(X)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the labels ``(N,)`` of points ``(N, n)``."""
        decision = self.decision_function(X)
        return self.classes_[(decision > 0).astype(np.intp)]


def _seed(random_state: int | np.random.RandomState | None) -> int:
    """Return an integer as it is, so that the fit is that of ``erm(..., seed=random_state)``, else a drawn one."""
    generator = check_random_state(random_state)
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(generator.randint(np.iinfo(np.int32).max))
