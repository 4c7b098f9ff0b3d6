"""Zonotopes: sums of segments, the convex bodies whose support functions are sums of absolute values.

The vertices of ``Z = {Σ λ_i b_i : -1 <= λ_i <= 1}`` are in bijection with the full-dimensional cells of the central
arrangement ``{r : <r, b_i> = 0}``: on a cell the signs ``s_i`` of ``<r, b_i>`` are constant, and ``Σ s_i b_i`` is the
vertex that the cell's directions see first. All decisions are exact; generators may be in any position.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cached_property
from numbers import Integral, Rational, Real
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import are_exact, as_entries, as_floats, as_fractions
from relucomb.zonotope_coordinates import SignedSums, in_floats, in_fractions, integer_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from relucomb_solvers.arrangement import Arrangement


class Zonotope:
    """The zonotope ``{Σ λ_i b_i : -1 <= λ_i <= 1}`` of generators in any position (Definition 7).

    Zonotopes do not change. Generators that are all integers or of which one is a fraction are *exact*, and so is
    everything that is computed from them: integers if all are integers, else fractions. Floats are the rationals they
    are, every decision about them is exact too (how many vertices, which signs, inside or not), and only coordinates,
    values and volumes are rounded, once. :meth:`exact` turns floats into fractions.

    Parameters
    ----------
    generators
        ``(m, n)``, one row ``b_i`` for each generator. Zero, parallel and antiparallel generators are legal, and so
        are generators that do not span ``R^n``.

    Raises
    ------
    ValueError
        There is no generator or no column, rows have different lengths, or an entry is not finite.
    TypeError
        An entry is not a real number.

    Examples
    --------
    The hexagon of three directions in the plane:

    >>> hexagon = Zonotope([[1, 0], [0, 1], [1, 1]])
    >>> sorted(hexagon.vertices().tolist())
    [[-2, -2], [-2, 0], [0, -2], [0, 2], [2, 0], [2, 2]]
    >>> hexagon.support([1, -1]), hexagon.volume(), hexagon.is_extremal()
    (2, 12, True)
    """

    def __init__(self, generators: ArrayLike) -> None:
        entries = as_entries(generators, "generators")
        if entries.size == 0:
            legal = "must have one row per generator, at least one, and at least one column"
            raise ValueError(f"generators {legal}; got shape {entries.shape}")
        read = as_fractions if are_exact([entries]) else as_floats
        self._generators = read(entries, "generators", ndim=2)
        self._generators.flags.writeable = False

    # what it is

    @property
    def generators(self) -> NDArray[Any]:
        """The rows ``b_i``, ``(m, n)``, read-only: floats, or fractions if :attr:`is_exact`."""
        return self._generators

    @property
    def is_exact(self) -> bool:
        """Whether the generators are fractions (integers are)."""
        return self._generators.dtype == object

    @property
    def ambient_dimension(self) -> int:
        """Dimension ``n`` of the space it lies in."""
        return int(self._generators.shape[1])

    @property
    def dimension(self) -> int:
        """Its own dimension: the rank of the generators, less than ``n`` if it is flat."""
        return self._arrangement.rank

    def exact(self) -> Self:
        """Return the same zonotope with fractions; a float becomes the rational it is.

        Examples
        --------
        >>> Zonotope([[0.5, 1.0]]).exact().generators
        array([[Fraction(1, 2), Fraction(1, 1)]], dtype=object)
        """
        return self if self.is_exact else type(self)(as_fractions(self._generators))

    def __len__(self) -> int:
        """Return the number of generators, as given."""
        return len(self._generators)

    def __repr__(self) -> str:
        kind = "exact" if self.is_exact else "float64"
        many = "generator" if len(self) == 1 else "generators"
        return f"<Zonotope of {len(self)} {many} in R^{self.ambient_dimension}, {kind}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._generators,)

    @cached_property
    def _integers(self) -> tuple[list[list[int]], list[Fraction]]:
        return integer_columns(self._generators)

    @cached_property
    def _is_integral(self) -> bool:
        return self.is_exact and all(scale == 1 for scale in self._integers[1])

    @cached_property
    def _arrangement(self) -> Arrangement:
        """The distinct hyperplanes ``{r : <r, b_i> = 0}``."""
        from relucomb_solvers.arrangement import arrange

        return arrange(self._integers[0])

    @cached_property
    def _merged_rows(self) -> list[list[int]]:
        """One integer row for each hyperplane: the sum of its generators, all turned to the side of the first."""
        place = self._arrangement
        sums = [[0] * self.ambient_dimension for _ in place.rows]
        for row, h, side in zip(self._integers[0], place.hyperplane.tolist(), place.side.tolist(), strict=True):
            if side:
                sums[h] = [total + side * entry for total, entry in zip(sums[h], row, strict=True)]
        return sums

    # the support function

    def support(self, r: ArrayLike) -> Any:
        """Return the support function ``γ_Z(r) = max {<r, x> : x in Z} = Σ_i |<r, b_i>|`` (Theorem 2.3.7).

        Parameters
        ----------
        r
            One direction ``(n,)`` or several, ``(N, n)``.

        Returns
        -------
        number or numpy.ndarray
            One value, or ``(N,)``. Exact if generators and directions are: integers if both are, else fractions.
            Otherwise floats, off by at most ``(m + n + 1) 2**-53`` times ``Σ_i Σ_q |r_q b_iq|`` to first order.

        Raises
        ------
        ValueError
            ``r`` has another shape or an entry that is not finite, or a value is beyond the range of floats.
        TypeError
            An entry is not a real number.

        Examples
        --------
        >>> Zonotope([[1, 0], [1, 1]]).support([[1, 0], [2, -1]])
        array([2, 3], dtype=object)
        >>> Zonotope([[1.0, 0.0], [1.0, 1.0]]).support([2, -1])
        3.0
        """
        entries = self._directions(r)
        rows = np.atleast_2d(entries)
        values: NDArray[Any]
        if self.is_exact and are_exact([entries]):
            values = self._exact_support(as_fractions(rows, "r"))
        else:
            from relucomb_solvers.zonotope_sums import absolute_sums

            floats = as_floats(rows, "r")
            values = absolute_sums(floats, self._floats)
            lost = np.flatnonzero(~np.isfinite(values))  # overflow on the way, not always in the end
            if len(lost):
                values[lost] = as_floats(self._exact_support(as_fractions(floats[lost])), "the support function")
        return values if entries.ndim == 2 else values[0].item() if values.dtype != object else values[0]

    def subgradient(self, r: ArrayLike, *, centre: bool = False) -> NDArray[Any]:
        """Return a point ``x`` of the zonotope with ``<r, x> = γ_Z(r)``: a subgradient of the support function.

        Parameters
        ----------
        r
            One direction ``(n,)`` or several, ``(N, n)``.
        centre
            Where several points are equally far in the direction ``r`` they form a face. By default a vertex of it
            is returned, the one with the largest first coordinate, then the largest second, and so on; if ``centre``,
            its centre.

        Returns
        -------
        numpy.ndarray
            ``(n,)`` or ``(N, n)``: coordinates as in :meth:`vertices`.

        Raises
        ------
        ValueError, TypeError
            As for :meth:`support`.

        Notes
        -----
        On which side of ``r`` a generator lies is decided exactly, also in floats.

        Examples
        --------
        >>> square = Zonotope([[1, 0], [0, 1]])
        >>> square.subgradient([[1, -2], [1, 0], [0, 0]])
        array([[ 1, -1],
               [ 1,  1],
               [ 1,  1]])
        >>> square.subgradient([1, 0], centre=True)
        array([1, 0])
        """
        entries = self._directions(r)
        rows = np.atleast_2d(entries)
        signs = self._face_signs(rows)
        if not centre:
            from relucomb.zonotope_support import lexicographic_signs

            signs = np.where(signs == 0, lexicographic_signs(self._integers[0]), signs)
        points = self._points(SignedSums(self._integers[0]), signs)
        return points if entries.ndim == 2 else points[0]

    def _directions(self, r: ArrayLike) -> NDArray[Any]:
        entries = as_entries(r, "r")
        n = self.ambient_dimension
        if entries.ndim not in (1, 2) or entries.shape[-1] != n:
            raise ValueError(f"r must have shape ({n},) or (N, {n}), as the generators; got {entries.shape}")
        return entries

    @cached_property
    def _floats(self) -> NDArray[np.float64]:
        return as_floats(self._generators, "generators")

    def _exact_support(self, directions: NDArray[np.object_]) -> NDArray[np.object_]:
        from relucomb.zonotope_support import exact_products

        values = np.empty(len(directions), dtype=object)
        step = max(1, (1 << 18) // len(self))
        for first in range(0, len(directions), step):
            products, denominators = exact_products(directions[first : first + step], *self._integers)
            totals = np.abs(products).sum(axis=1).tolist()
            values[first : first + step] = [
                Fraction(total, denominator) for total, denominator in zip(totals, denominators, strict=True)
            ]
        entries: list[Fraction] = directions.ravel().tolist()
        if self._is_integral and all(entry.denominator == 1 for entry in entries):
            values[:] = [int(value) for value in values]
        return values

    def _face_signs(self, rows: NDArray[Any]) -> NDArray[np.int8]:
        from relucomb.zonotope_support import exact_products, float_signs

        if not are_exact([rows]):
            return float_signs(as_floats(rows, "r"), self._floats, *self._integers)
        fractions = as_fractions(rows, "r")
        signs = np.empty((len(rows), len(self)), dtype=np.int8)
        step = max(1, (1 << 18) // len(self))
        for first in range(0, len(rows), step):
            products, _ = exact_products(fractions[first : first + step], *self._integers)
            signs[first : first + step] = np.sign(products)
        return signs

    def _points(self, sums: SignedSums, signs: NDArray[Any]) -> NDArray[Any]:
        """Return the points ``Σ s_i b_i``: integers, fractions or floats, as the generators are."""
        integers = sums(signs)
        if self._is_integral:
            return integers
        if self.is_exact:
            return in_fractions(integers, self._integers[1])
        return in_floats(integers, self._integers[1], sums.bound, "coordinates of vertices")

    # vertices

    def count_vertices(self) -> int:
        """Count the vertices, exactly and without listing them.

        Returns
        -------
        int
            1 if all generators are zero: the zonotope is then the origin.

        See Also
        --------
        max_vertices : the largest number for so many generators.

        Notes
        -----
        They are the cells of the arrangement ``{r : <r, b_i> = 0}``; tens of millions are counted per second, and
        nothing is stored. See :func:`relucomb.count_dichotomies`.

        Examples
        --------
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]).count_vertices()
        14
        """
        from relucomb_solvers.cell_count import count_cells

        return count_cells(self._arrangement.rows)

    @property
    def max_vertices(self) -> int:
        """The most vertices that so many generators of this dimension can make, zero and parallel ones not counted.

        That is ``2 Σ_{i<d} C(m' - 1, i)`` for ``m'`` generators after merging, of dimension ``d``; Theorem 2.3.7 prints
        half of it.

        Examples
        --------
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1], [2, 2, 2]]).max_vertices
        14
        """
        return most_vertices(len(self._arrangement.rows), self.dimension)

    @overload
    def vertices(self, *, signs: Literal[False] = False) -> NDArray[Any]: ...
    @overload
    def vertices(self, *, signs: Literal[True]) -> tuple[NDArray[Any], NDArray[np.int8]]: ...
    def vertices(self, *, signs: bool = False) -> NDArray[Any] | tuple[NDArray[Any], NDArray[np.int8]]:
        """Return all vertices, each once.

        Parameters
        ----------
        signs
            Whether to return the sign vectors as well.

        Returns
        -------
        vertices : numpy.ndarray
            ``(V, n)``: for exact generators integers (64 bits if the sums of the generators fit, else Python
            integers) or fractions; for floats floats, each coordinate rounded once from its exact value.
        signs : numpy.ndarray
            ``(V, m)`` of -1, 0, 1: vertex = signs times generators; 0 for generators that are zero. Only if asked for.

        See Also
        --------
        iter_vertices : in blocks, storing nothing.

        Notes
        -----
        The order is the same in every run but otherwise unspecified, save that each vertex is followed by its opposite.
        Time and memory are proportional to the output.

        Examples
        --------
        >>> vertices, signs = Zonotope([[3, 0], [0, 0], [0, 1]]).vertices(signs=True)
        >>> sorted(vertices.tolist())
        [[-3, -1], [-3, 1], [3, -1], [3, 1]]
        >>> sorted(signs.tolist())
        [[-1, 0, -1], [-1, 0, 1], [1, 0, -1], [1, 0, 1]]
        """
        found, vectors = None, None
        filled = 0
        for points, block in self._blocks(signs):
            if found is None:
                total = self.count_vertices()
                found = np.empty((total, self.ambient_dimension), dtype=points.dtype)
                vectors = np.empty((total if signs else 0, len(self)), dtype=np.int8)
            found[filled : filled + len(points)] = points
            if signs and vectors is not None:
                vectors[filled : filled + len(points)] = block
            filled += len(points)
        assert found is not None  # a zonotope has a vertex
        assert vectors is not None
        return (found, vectors) if signs else found

    def iter_vertices(self) -> Iterator[tuple[NDArray[Any], NDArray[np.int8]]]:
        """Iterate over the vertices and their sign vectors in blocks, storing none of them.

        Yields
        ------
        vertices : numpy.ndarray
            ``(b, n)``, as :meth:`vertices` returns them.
        signs : numpy.ndarray
            ``(b, m)`` of -1, 0, 1.

        Examples
        --------
        >>> sum(len(vertices) for vertices, signs in Zonotope.moment_curve(3, 10).iter_vertices())
        92
        """
        return self._blocks(True)

    def _blocks(self, with_signs: bool) -> Iterator[tuple[NDArray[Any], NDArray[np.int8]]]:
        from relucomb_solvers.cell_list import list_cells
        from relucomb_solvers.dichotomies import unpack

        place = self._arrangement
        merged = len(place.rows)
        none = np.empty((0, len(self)), dtype=np.int8)
        if not merged:
            signs = np.zeros((1, len(self)), dtype=np.int8)
            yield self._points(SignedSums(self._integers[0]), signs), signs
            return
        sums = SignedSums(self._merged_rows)
        cells_at_once = max(2, _BLOCK // max(merged, len(self) if with_signs else 0))
        for words in list_cells(place.rows, block_bytes=cells_at_once * 8 * ((merged + 63) // 64)):
            signs = unpack(words, merged).view(np.int8) * np.int8(2) - np.int8(1)
            yield self._points(sums, signs), signs[:, place.hyperplane] * place.side if with_signs else none

    # position of the generators

    def merged(self) -> Self:
        """Return the same zonotope without zero generators, parallel and antiparallel ones added up.

        Returns
        -------
        Zonotope
            One generator for each direction, in order of first appearance and pointing as the first one does; a zero
            generator if all are zero. Floats stay floats unless a sum is none; then all become fractions.

        Examples
        --------
        >>> Zonotope([[1, 2], [0, 0], [-3, -6], [1, 0]]).merged().generators.astype(int)
        array([[4, 8],
               [1, 0]])
        """
        if not self._arrangement.rows:
            return type(self)(self._generators[:1])
        exact = in_fractions(np.array(self._merged_rows, dtype=object), self._integers[1])
        if self.is_exact:
            return type(self)(exact)
        try:
            rounded = as_floats(exact)
        except ValueError:
            return type(self)(exact)
        return type(self)(rounded if np.array_equal(as_fractions(rounded), exact) else exact)

    def is_extremal(self) -> bool:
        """Decide whether the generators are in general position: any ``n`` of them independent (Definition 8).

        That is so if and only if the zonotope has as many vertices as ``m`` generators can have in ``R^n``,
        ``2 Σ_{i<n} C(m - 1, i)``; the set ``S(n, m)`` of such generators is all but a set of measure zero. If there are
        fewer than ``n`` generators, all of them must be independent.

        See Also
        --------
        dependent_generators : a witness, if not.

        Examples
        --------
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]).is_extremal()
        True
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]).is_extremal()
        False
        """
        m, n = self._generators.shape
        if n == 1:
            return bool((self._arrangement.side != 0).all())
        if len(self._arrangement.rows) < m or self.dimension < min(m, n):
            return False
        return m <= n or self.count_vertices() == self.max_vertices

    def dependent_generators(self) -> tuple[int, ...] | None:
        """Return the numbers of generators that violate general position, or None if :meth:`is_extremal`.

        Returns
        -------
        tuple of int or None
            Rows (counted from 0) of at most ``n`` dependent generators, any fewer of which are independent: one that is
            zero if there is any, else two that are parallel, else more.

        Examples
        --------
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]).dependent_generators()
        (0, 1, 3)
        """
        from relucomb.zonotope_position import dependent_rows

        return dependent_rows(self._integers[0], self._arrangement)

    def volume(self) -> int | float | Fraction:
        """Return the volume in ``R^n``: ``2^n`` times the sum of ``|det|`` over all ``n`` of the generators.

        Returns
        -------
        int, Fraction or float
            Exact if the generators are, else rounded once. 0 if the zonotope is flat.

        Raises
        ------
        ValueError
            The volume is beyond the range of floats; use :meth:`exact`.

        Notes
        -----
        The determinants are not computed one by one, but sorted in planes: ``C(m, n - 2)`` sorts of up to ``m``
        vectors, some 20,000 sorts per second while everything fits in 64 bits, and no memory. That is out of reach for
        a hundred generators in six dimensions; to compute the volume is #P-hard.

        Examples
        --------
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]).volume()
        32
        """
        from relucomb.zonotope_volume import sum_of_determinants

        n = self.ambient_dimension
        total: Any = Fraction(0)
        if self.dimension == n:
            scale = math.prod(self._integers[1]) * 2**n
            total = sum_of_determinants(self._merged_rows) * scale
        if self.is_exact:
            return int(total) if self._is_integral else total
        return float(as_floats(total, "the volume"))

    # zonotopes from others

    def __add__(self, other: Zonotope) -> Zonotope:
        """Return the Minkowski sum: the generators of both."""
        if not isinstance(other, Zonotope):
            return NotImplemented
        if other.ambient_dimension != self.ambient_dimension:
            raise ValueError(
                f"the summands must lie in one space; got R^{self.ambient_dimension} and R^{other.ambient_dimension}"
            )
        if self.is_exact or other.is_exact:
            return Zonotope(np.concatenate([self.exact().generators, other.exact().generators]))
        return Zonotope(np.concatenate([self.generators, other.generators]))

    def __mul__(self, factor: float | Fraction) -> Zonotope:
        """Return the zonotope scaled by a number."""
        if not isinstance(factor, Real):
            return NotImplemented
        number: Any = factor
        is_fraction = isinstance(factor, Rational) and not isinstance(factor, Integral)
        if self.is_exact or is_fraction:
            return Zonotope(self.exact().generators * as_fractions(number, "factor").item())
        return Zonotope(self._generators * as_floats(number, "factor").item())

    def __rmul__(self, factor: float | Fraction) -> Zonotope:
        return self * factor

    def image(self, matrix: ArrayLike) -> Zonotope:
        """Return the image ``{A x : x in Z}`` under a linear map, computed exactly.

        Parameters
        ----------
        matrix
            ``A``, shape ``(k, n)``.

        Returns
        -------
        Zonotope
            In ``R^k``; exact, with fractions, whatever the numbers given.

        Raises
        ------
        ValueError
            The matrix has another shape, or an entry that is not finite.
        TypeError
            An entry is not a real number.

        Examples
        --------
        The shadow of a cube:

        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1]]).image([[1, 0, 1], [0, 1, 1]]).count_vertices()
        6
        """
        A = as_fractions(matrix, "matrix", ndim=2)
        if A.shape[1] != self.ambient_dimension or len(A) == 0:
            raise ValueError(f"matrix must have shape (k, {self.ambient_dimension}), k at least 1; got {A.shape}")
        return Zonotope(self.exact().generators @ A.T)

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same set: whatever the order, the signs and the splitting of generators."""
        if not isinstance(other, Zonotope):
            return NotImplemented
        return self.ambient_dimension == other.ambient_dimension and self._canonical == other._canonical

    def __hash__(self) -> int:
        return hash(self._canonical)

    @cached_property
    def _canonical(self) -> frozenset[tuple[Fraction, ...]]:
        """The merged generators, turned so that the first entry that is not zero is positive."""
        scales = self._integers[1]
        turned = [row if row > [0] * len(row) else [-entry for entry in row] for row in self._merged_rows]
        return frozenset(tuple(entry * scale for entry, scale in zip(row, scales, strict=True)) for row in turned)

    @classmethod
    def moment_curve(cls, n: int, m: int) -> Self:
        """Return ``m`` generators on the moment curve, ``(1, t, t^2, ..., t^(n-1))``: extremal, by Vandermonde.

        Parameters
        ----------
        n, m
            Dimension and number of generators. The nodes ``t`` are the ``m`` integers around 0.

        Raises
        ------
        ValueError
            ``n`` or ``m`` is less than 1.

        Examples
        --------
        >>> Zonotope.moment_curve(3, 4).generators.astype(int).tolist()
        [[1, -2, 4], [1, -1, 1], [1, 0, 0], [1, 1, 1]]
        """
        from relucomb.zonotope_families import moment_curve

        return cls(moment_curve(n, m))

    @classmethod
    def random_extremal(cls, n: int, m: int, seed: int = 0) -> Self:
        """Return ``m`` random integer generators in general position, verified.

        Parameters
        ----------
        n, m
            Dimension and number of generators.
        seed
            Equal seeds give equal generators.

        Raises
        ------
        ValueError
            ``n`` or ``m`` is less than 1.

        Notes
        -----
        Entries have one digit, and one more after every second draw that is not in general position.

        Examples
        --------
        >>> Z = Zonotope.random_extremal(3, 8, seed=1)
        >>> Z.is_extremal(), Z.count_vertices()
        (True, 58)
        """
        from relucomb.zonotope_families import random_generators

        return next(Z for Z in map(cls, random_generators(n, m, seed)) if Z.is_extremal())

    # networks

    def network(self) -> ReLUNetwork:
        """Return the network of the support function: one hidden layer of ``2 m`` units (Lemma 2.3.8).

        Returns
        -------
        ReLUNetwork
            ``r -> Σ_i max(0, <r, b_i>) + max(0, -<r, b_i>)``; exact if the generators are.

        Examples
        --------
        >>> net = Zonotope([[1, 0], [0, 1]]).network()
        >>> net.widths, net([[3.0, -4.0]])
        ((2, 4, 1), array([7.]))
        """
        B = self._generators
        one = Fraction(1) if self.is_exact else 1.0
        hidden = np.concatenate([B, -B])
        biases = np.full(len(hidden), 0 * one, dtype=B.dtype)
        output = np.full((1, len(hidden)), one, dtype=B.dtype)
        return ReLUNetwork([hidden, output], [biases, np.full(1, 0 * one, dtype=B.dtype)])


_BLOCK = 1 << 20  # signs at a time


def most_vertices(m: int, n: int) -> int:
    """Return the largest number of vertices of a zonotope of ``m`` generators in ``R^n``: ``2 Σ_{i<n} C(m-1, i)``.

    Examples
    --------
    >>> [most_vertices(m, 3) for m in range(6)]
    [1, 2, 4, 8, 14, 22]
    """
    if m == 0 or n == 0:
        return 1
    return 2 * sum(math.comb(m - 1, i) for i in range(min(n, m)))
