"""Zonotopes: sums of segments, the convex bodies whose support functions are sums of absolute values.

The vertices of ``Z = {Σ λ_i b_i : -1 <= λ_i <= 1}`` are in bijection with the full-dimensional cells of the central
arrangement ``{r : <r, b_i> = 0}``: on a cell the signs ``s_i`` of ``<r, b_i>`` are constant, and ``Σ s_i b_i`` is the
vertex that the cell's directions see first. All decisions are exact; generators may be in any position.
"""

from __future__ import annotations

import math
import os
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import numpy as np

from relucomb.networks import ReLUNetwork
from relucomb.rationals import are_exact, as_entries, as_floats, as_fractions, over_common_denominator
from relucomb.zonotopes.coordinates import SignedSums, in_floats, in_fractions
from relucomb.zonotopes.generators import Generators, most_vertices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from relucomb.zonotopes.faces import Facet
    from relucomb.zonotopes.membership import Membership


class Zonotope(Generators):
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
        entries = self._vectors(r, "r")
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
        entries = self._vectors(r, "r")
        rows = np.atleast_2d(entries)
        signs = self._face_signs(rows)
        if not centre:
            from relucomb.zonotopes.support import lexicographic_signs

            signs = np.where(signs == 0, lexicographic_signs(self._integers[0]), signs)
        points = self._points(SignedSums(self._integers[0]), signs)
        return points if entries.ndim == 2 else points[0]

    def _vectors(self, r: ArrayLike, name: str) -> NDArray[Any]:
        entries = as_entries(r, name)
        n = self.ambient_dimension
        if entries.ndim not in (1, 2) or entries.shape[-1] != n:
            raise ValueError(f"{name} must have shape ({n},) or (N, {n}), as the generators; got {entries.shape}")
        return entries

    @cached_property
    def _floats(self) -> NDArray[np.float64]:
        return as_floats(self._generators, "generators")

    def _exact_support(self, directions: NDArray[np.object_]) -> NDArray[np.object_]:
        from relucomb.zonotopes.support import exact_products

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
        from relucomb.zonotopes.support import exact_products, float_signs

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
        return self._count

    def iter_counts(self) -> Iterator[int]:
        """Count the vertices one generator after another: the last number is the count, each before is a lower bound.

        For counts that take long and may be interrupted. Somewhat slower than :meth:`count_vertices`.

        Examples
        --------
        >>> list(Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]).iter_counts())
        [2, 4, 8, 14]
        """
        from relucomb.zonotopes.counting import growing_counts

        return growing_counts(self._arrangement.rows)

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
        return most_vertices(self.directions, self.dimension)

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

        Raises
        ------
        MemoryError
            There are more than fit in the memory of this machine; it is raised as soon as so many are counted.

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
        total = self._count_that_fits(len(self) if signs else 0)
        found: NDArray[Any] | None = None
        vectors = np.empty((total if signs else 0, len(self)), dtype=np.int8)
        filled = 0
        for points, block in self._blocks(signs):
            if found is None:
                found = np.empty((total, self.ambient_dimension), dtype=points.dtype)
            found[filled : filled + len(points)] = points
            if signs:
                vectors[filled : filled + len(points)] = block
            filled += len(points)
        assert found is not None  # a zonotope has a vertex
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

    def _count_that_fits(self, signs: int) -> int:
        """Count the vertices; stop as soon as there are too many for the memory of this machine."""
        room = physical_memory() // (signs + 8 * self.ambient_dimension)
        if self.max_vertices <= room:
            return self.count_vertices()
        total = 0
        for total in self.iter_counts():
            if total > room:
                raise MemoryError(f"at least {total} vertices do not fit in memory; iter_vertices() stores none")
        return total

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

    # faces and volume

    def count_faces(self, dimension: int) -> int:
        """Count the faces of a dimension: 0 for vertices, 1 for edges, one less than the zonotope's for facets.

        Raises
        ------
        ValueError
            The dimension is negative or larger than :attr:`dimension`.

        Notes
        -----
        Fast for vertices. Otherwise every flat of the generators of this rank is visited, up to ``C(m, dimension)``,
        some thousands per second.

        Examples
        --------
        >>> cube = Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        >>> [cube.count_faces(k) for k in range(4)]
        [8, 12, 6, 1]
        """
        if dimension not in range(self.dimension + 1):
            raise ValueError(f"dimension must be a whole number from 0 to {self.dimension}; got {dimension!r}")
        from relucomb.zonotopes.faces import count_faces

        return count_faces(self._arrangement.rows, dimension)

    def facets(self) -> list[Facet]:
        """Return the facets, with their normals: ``Z = {x : <normal, x> <= offset for all}`` within its span.

        Returns
        -------
        list of Facet
            Each followed by its opposite; empty if the zonotope is a point. Always exact.

        Notes
        -----
        There are up to ``2 C(m, d - 1)``.

        Examples
        --------
        >>> for facet in Zonotope([[1, 0], [1, 1]]).facets():
        ...     print(*facet.normal, facet.offset, facet.generators)
        0 1 1 (0,)
        0 -1 1 (0,)
        1 -1 1 (1,)
        -1 1 1 (1,)
        """
        from relucomb.zonotopes.faces import Facet, normals

        place = self._arrangement
        if not place.rows:
            return []
        members, vectors = zip(*normals(self._merged_rows, self._integers[1]), strict=True)
        offsets = self.exact().support(np.array(vectors, dtype=object)).tolist()
        generators = [np.flatnonzero(place.hyperplane == h).tolist() for h in range(self.directions)]
        found = []
        for chosen, normal, offset in zip(members, vectors, offsets, strict=True):
            parallel = tuple(sorted(i for h in chosen for i in generators[h]))
            opposite = tuple(-entry for entry in normal)
            found += [Facet(r, Fraction(offset), parallel) for r in (tuple(normal), opposite)]
        return found

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
        from relucomb.zonotopes.volume import sum_of_determinants

        n = self.ambient_dimension
        total: Any = Fraction(0)
        if self.dimension == n:
            scale = math.prod(self._integers[1]) * 2**n
            total = sum_of_determinants(self._merged_rows) * scale
        if self.is_exact:
            return int(total) if self._is_integral else total
        return float(as_floats(total, "the volume"))

    # membership

    def contains(self, x: ArrayLike) -> bool | NDArray[np.bool_]:
        """Decide whether a point is in the zonotope, boundary included; exactly, for floats too.

        Parameters
        ----------
        x
            One point ``(n,)`` or several, ``(N, n)``.

        Returns
        -------
        bool or numpy.ndarray
            One answer, or ``(N,)``.

        Raises
        ------
        ValueError, TypeError
            As for :meth:`support`.

        See Also
        --------
        membership : the same with a proof.

        Examples
        --------
        >>> hexagon = Zonotope([[1, 0], [0, 1], [1, 1]])
        >>> hexagon.contains([2, 2]), hexagon.contains([2, -1])
        (True, False)
        """
        entries = self._vectors(x, "x")
        if entries.ndim == 1:
            return self.membership(x).inside
        return np.array([self.membership(row).inside for row in as_fractions(entries, "x")], dtype=bool)

    def membership(self, x: ArrayLike) -> Membership:
        """Decide whether a point is in the zonotope, with a proof.

        Parameters
        ----------
        x
            The point, ``(n,)``.

        Returns
        -------
        Membership
            With coefficients ``λ`` if ``x`` is in the zonotope and with a separating direction if it is not, and with
            the gauge of ``x``.

        Raises
        ------
        ValueError, TypeError
            As for :meth:`support`.

        Examples
        --------
        >>> hexagon = Zonotope([[1, 0], [0, 1], [1, 1]])
        >>> inside = hexagon.membership([1, 1])
        >>> print(inside.gauge, *inside.coefficients)
        1/2 1/2 1/2 1/2
        >>> outside = hexagon.membership([2, -1])
        >>> print(outside.gauge, *outside.direction)
        3/2 1/3 -1/3
        """
        from relucomb.zonotopes.membership import Membership, gauge_proof

        point = as_fractions(self._vectors(x, "x"), "x", ndim=1)
        scales = np.array(self._integers[1], dtype=object)
        numerators, denominator = over_common_denominator(point / scales)
        told = tuple(point.tolist())
        if not any(numerators):
            return Membership(True, told, Fraction(0), (Fraction(0),) * len(self), None)
        tau, found, direction = gauge_proof(self._merged_rows, numerators.tolist())
        if tau is not None:
            tau *= denominator  # of the point itself, not of its integer multiple
        if tau is None or tau < 1:
            r = tuple(entry / scale for entry, scale in zip(direction, scales, strict=True))
            return Membership(False, told, None if tau is None else 1 / tau, None, r)
        place = self._arrangement
        shares = [factor / tau for factor in found]
        sides = zip(place.hyperplane.tolist(), place.side.tolist(), strict=True)
        coefficients = tuple(side * shares[h] if side else Fraction(0) for h, side in sides)
        return Membership(True, told, 1 / tau, coefficients, None)

    # extremal ones

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
        from relucomb.zonotopes.families import moment_curve

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
        from relucomb.zonotopes.families import random_generators

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


def physical_memory() -> int:
    """Return the bytes of memory of this machine, or 64 GB where it does not tell.

    Examples
    --------
    >>> physical_memory() > 2**20
    True
    """
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 1 << 36
