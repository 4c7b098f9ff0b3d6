"""The picture of a fit: what is drawn where, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest

from relucomb.networks import ReLUNetwork
from relucomb.plots import plot_fit, render_fit

mpl.use("agg")

# |x - 1| - 2 relu(x - 3), and a unit that does nothing
ZIGZAG = ReLUNetwork([[[1.0], [-1.0], [1.0], [0.0]], [[1.0, 1.0, -2.0, 5.0]]], [[-1.0, 1.0, -3.0, 0.0], [0.0]])
PLANE = ReLUNetwork([[[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]], [[1.0, -2.0, 1.0]]], [[-0.5, 0.0, 1.0], [0.0]])


@pytest.fixture(autouse=True)
def _close_figures() -> object:
    """Leave no figure open."""
    from matplotlib import pyplot

    yield
    pyplot.close("all")


def result(network: ReLUNetwork | None, status: str = "optimal") -> SimpleNamespace:
    """Return what the picture needs of a result."""
    return SimpleNamespace(
        network=network, status=SimpleNamespace(name=status), loss=0.25, lower_bound=0.125, width=4, loss_name="squared"
    )


def test_curve_passes_exactly_through_its_kinks() -> None:
    """The curve is drawn from corner to corner, and a diamond marks each place where the slope really changes."""
    x = np.linspace(0, 5, 11)
    ax = plot_fit(ZIGZAG, x[:, None], ZIGZAG(x[:, None]))
    curve, kinks = (line for line in ax.lines if line.get_label() in ("fit", "2 kinks"))
    np.testing.assert_allclose(kinks.get_xydata(), [[1, 0], [3, 2]], atol=1e-12)
    np.testing.assert_allclose(curve.get_ydata(), ZIGZAG(curve.get_xdata()[:, None]), atol=1e-12)
    low, high = ax.get_xlim()
    assert (low, high) == (curve.get_xdata()[0], curve.get_xdata()[-1])
    assert low < 0 < 5 < high


def test_steep_ends_do_not_flatten_the_data() -> None:
    """The vertical range is that of the data, however steep the curve is beyond them or between two of them."""
    steep = ReLUNetwork([[[1.0], [1e6], [-1e6]], [[1.0, 1.0, 1.0]]], [[0.0, -1e6, 0.0], [0.0]])
    x = np.array([[0.0], [0.5], [1.0]])
    low, high = plot_fit(steep, x, [0.0, 0.5, 1.0]).get_ylim()
    assert -0.2 < low < 0
    assert 1 < high < 1.2
    tower = ReLUNetwork([[[1e6], [1e6], [1e6]], [[1.0, -2.0, 1.0]]], [[-0.2e6, -0.25e6, -0.3e6], [0.0]])
    low, high = plot_fit(tower, x, [0.0, 0.5, 1.0]).get_ylim()
    assert -0.2 < low < 0
    assert 1.5 < high < 1.7


def test_deep_and_exact_networks_have_kinks_too() -> None:
    """Two hats after one another bend five times, in fractions and three layers."""
    hat = ReLUNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[0, -1, -2], [0]])
    x = np.array([[-1.0], [3.0]])
    ax = plot_fit((2 * hat).compose(hat * Fraction(2)), x, [0, 0])
    kinks = next(line for line in ax.lines if "kinks" in str(line.get_label()))
    np.testing.assert_allclose(kinks.get_xdata(), [0, 0.5, 1, 1.5, 2], atol=1e-12)


def test_an_affine_network_has_no_kinks() -> None:
    """Without a bend nothing is marked."""
    ax = plot_fit(ReLUNetwork([[[2.0]]], [[1.0]]), [[0.0], [1.0]], [1.0, 3.0])
    assert not any("kink" in str(line.get_label()) for line in ax.lines)


def test_surface_and_points_share_one_scale() -> None:
    """Points and surface have the same colours, and every unit that bends inside the window is named with its sign."""
    X = np.random.default_rng(0).normal(size=(40, 2))
    y = PLANE(X)
    ax = plot_fit(result(PLANE), X, y, feature_names=["left $", "right $"], target_name="sum")
    surface, points = ax.collections[0], ax.collections[-1]
    assert surface.norm.vmin == points.norm.vmin <= y.min()
    assert surface.norm.vmax == points.norm.vmax >= y.max()
    assert surface.get_cmap().name == points.get_cmap().name
    assert {text.get_text() for text in ax.texts} - {""} == {"unit 1 +", "unit 2 −"}
    assert (ax.get_xlabel(), ax.get_ylabel()) == (r"left \$", r"right \$")
    vertical, slanted = (line.get_xydata() for line in ax.lines)
    np.testing.assert_allclose(vertical[:, 0], 0.5)
    np.testing.assert_allclose(slanted.sum(axis=1), 0, atol=1e-12)


def test_lines_end_at_the_window() -> None:
    """A line that misses the window is left out; one through a corner is no line."""
    X = np.array([[0.0, 0.0], [1.0, 1.0]])  # the window is [-0.06, 1.06] squared
    net = ReLUNetwork([[[1.0, 0.0], [1.0, 1.0], [1.0, 1.0]], [[1.0, 1.0, 1.0]]], [[-7.0, -1.0, -2.12], [0.0]])
    ax = plot_fit(net, X, [0.0, 1.0])
    assert [text.get_text() for text in ax.texts if text.get_text()] == ["unit 2 +"]


def test_rounding_errors_do_not_tear_a_plateau() -> None:
    """A plateau at 1 with errors of 1e-14 has one colour."""
    X = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    flat = ReLUNetwork([[[1e-14, -1e-14]], [[1.0]]], [[1.0], [0.0]])
    for y in ([1, 1, -1, -1], [0.0, 0.0, 2.0, 2.0]):
        surface = plot_fit(flat, X, y).collections[0]
        assert len([path for path in surface.get_paths() if len(path)]) == 1


def test_labels_make_it_a_classifier() -> None:
    """With targets -1 and 1 the colours diverge around 0, the classes have their own marker, the boundary is drawn."""
    X = np.array([[0.0, 0.0], [1.0, 1.0], [1.0, 0.0]])
    net = ReLUNetwork([[[1.0, 1.0]], [[2.0]]], [[0.0], [-1.0]])
    ax = plot_fit(net, X, [-1, 1, 1])
    assert ax.collections[0].norm.vmin == -ax.collections[0].norm.vmax
    assert sorted(len(c.get_offsets()) for c in ax.collections if hasattr(c, "get_sizes")) == [1, 2]
    assert "decision at 0" in [str(line.get_label()) for line in plot_fit(ZIGZAG, [[0.0], [1.0]], [1, -1]).lines]


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("n", [1, 2])
def test_any_scale_can_be_drawn(scale: float, n: int) -> None:
    """Tiny and huge units, constant columns and constant targets give a picture without a warning."""
    net = ReLUNetwork([[[1 / scale] * n], [[1.0]]], [[0.0], [0.0]])
    X = scale * np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 1.0]])[:, :n]
    for y in (net(X), np.full(3, 4.0), np.zeros(3)):
        assert render_fit(net, X, y, "png").startswith(b"\x89PNG")
    assert render_fit(net, np.ones((1, n)), [2.0], "png").startswith(b"\x89PNG")


def test_files_are_1200_by_800_and_reproducible() -> None:
    """A PNG has 1200 by 800 pixels, and equal pictures are equal bytes in every format."""
    X, y = np.array([[0.0], [1.0], [4.0]]), [1.0, 0.0, 1.0]
    png = render_fit(ZIGZAG, X, y, "png")
    assert (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) == (1200, 800)
    for image_format, magic in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        first, second = (render_fit(ZIGZAG, X, y, image_format) for _ in range(2))
        assert first == second
        assert first.startswith(magic)


def test_titles_say_how_far_it_is_proven() -> None:
    """The title of a result tells width, loss and whether the optimum is proven."""
    X, y = np.array([[0.0], [1.0]]), [1.0, 0.0]
    title = plot_fit(result(ZIGZAG), X, y).get_title()
    assert title == "width 4, squared loss 0.25: proven optimal"
    title = plot_fit(result(ZIGZAG, "feasible"), X, y).get_title()
    assert title == "width 4, squared loss 0.25, lower bound 0.125: not proven optimal"
    assert plot_fit(ZIGZAG, X, y).get_title() == "network of widths 1-4-1"
    assert plot_fit(ZIGZAG, X, y, title="$").get_title() == r"\$"


@pytest.mark.parametrize(
    ("fit", "X", "y", "names", "message"),
    [
        (result(None), [[0.0]], [0.0], None, "fit must have a network"),
        (ZIGZAG, np.zeros((3, 3)), np.zeros(3), None, r"only one or two features can be drawn; got \(3, 3\)"),
        (ZIGZAG, np.zeros((0, 1)), np.zeros(0), None, "X must have shape"),
        (ZIGZAG, [[0.0]], [0.0, 1.0], None, r"y must have shape \(1,\)"),
        (PLANE, [[0.0]], [0.0], None, "fit must have 1 inputs, as X has columns, and 1 output; got 2 inputs"),
        (ZIGZAG, [[0.0]], [0.0], ["a", "b"], "feature_names must name the 1 columns"),
    ],
)
def test_refusals(fit: object, X: object, y: object, names: list[str] | None, message: str) -> None:
    """What cannot be drawn is refused with the argument, what it got and what is legal."""
    with pytest.raises(ValueError, match=message):
        plot_fit(fit, X, y, feature_names=names)  # type: ignore[arg-type]
