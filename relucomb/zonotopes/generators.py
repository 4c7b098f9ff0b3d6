"""Generators in any position, as exact integers: which are parallel or dependent, and when two lists mean the same."""

from __future__ import annotations

import math
from functools import cached_property
from numbers import Integral, Rational, Real
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from relucomb.rationals import are_exact, as_entries, as_floats, as_fractions
from relucomb.zonotopes.coordinates import in_fractions, integer_columns

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import ArrayLike, NDArray

    from relucomb_solvers.arrangement import Arrangement


class Generators:
    """The rows ``b_i`` of a zonotope and what depends on their position only: the base of :class:`~relucomb.Zonotope`.

    Parameters
    ----------
    generators
        ``(m, n)``; see there.
    """

    def __init__(self, generators: ArrayLike) -> None:
        entries = as_entries(generators, "generators")
        if entries.size == 0:
            legal = "must have one row per generator, at least one, and at least one column"
            raise ValueError(f"generators {legal}; got shape {entries.shape}")
        read = as_fractions if are_exact([entries]) else as_floats
        self._generators = read(entries, "generators", ndim=2)
        self._generators.flags.writeable = False

    # what they are

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

    @property
    def directions(self) -> int:
        """Number of different directions: of generators after merging, zero ones not counted."""
        return len(self._arrangement.rows)

    def exact(self) -> Self:
        """Return the same zonotope with fractions; a float becomes the rational it is.

        Examples
        --------
        >>> from relucomb import Zonotope
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
    def _count(self) -> int:
        """Number of cells of the arrangement."""
        from relucomb_solvers.cell_count import count_cells

        return count_cells(self._arrangement.rows)

    @cached_property
    def _merged_rows(self) -> list[list[int]]:
        """One integer row for each hyperplane: the sum of its generators, all turned to the side of the first."""
        place = self._arrangement
        sums = [[0] * self.ambient_dimension for _ in place.rows]
        for row, h, side in zip(self._integers[0], place.hyperplane.tolist(), place.side.tolist(), strict=True):
            if side:
                sums[h] = [total + side * entry for total, entry in zip(sums[h], row, strict=True)]
        return sums

    # position

    def merged(self) -> Self:
        """Return the same zonotope without zero generators, parallel and antiparallel ones added up.

        Returns
        -------
        Zonotope
            One generator for each direction, in order of first appearance and pointing as the first one does; a zero
            generator if all are zero. Floats stay floats unless a sum is none; then all become fractions.

        Examples
        --------
        >>> from relucomb import Zonotope
        >>> Zonotope([[1, 2], [0, 0], [-3, -6], [1, 0]]).merged().generators.astype(int)
        array([[4, 8],
               [1, 0]])
        """
        if not self.directions:
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
        >>> from relucomb import Zonotope
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]).is_extremal()
        True
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]).is_extremal()
        False
        """
        m, n = self._generators.shape
        if n == 1:
            return bool((self._arrangement.side != 0).all())
        if self.directions < m or self.dimension < min(m, n):
            return False
        return m <= n or self._count == most_vertices(m, n)

    def dependent_generators(self) -> tuple[int, ...] | None:
        """Return the numbers of generators that violate general position, or None if :meth:`is_extremal`.

        Returns
        -------
        tuple of int or None
            Rows (counted from 0) of at most ``n`` dependent generators, any fewer of which are independent: one that is
            zero if there is any, else two that are parallel, else more.

        Examples
        --------
        >>> from relucomb import Zonotope
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]).dependent_generators()
        (0, 1, 3)
        """
        from relucomb.zonotopes.position import dependent_rows

        return dependent_rows(self._integers[0], self._arrangement)

    # others from them

    def __add__(self, other: Generators) -> Self:
        """Return the Minkowski sum: the generators of both."""
        if not isinstance(other, Generators):
            return NotImplemented
        if other.ambient_dimension != self.ambient_dimension:
            raise ValueError(
                f"the summands must lie in one space; got R^{self.ambient_dimension} and R^{other.ambient_dimension}"
            )
        if self.is_exact or other.is_exact:
            return type(self)(np.concatenate([self.exact().generators, other.exact().generators]))
        return type(self)(np.concatenate([self.generators, other.generators]))

    def __mul__(self, factor: float | Fraction) -> Self:
        """Return the zonotope scaled by a number."""
        if not isinstance(factor, Real):
            return NotImplemented
        number: Any = factor
        is_fraction = isinstance(factor, Rational) and not isinstance(factor, Integral)
        if self.is_exact or is_fraction:
            return type(self)(self.exact().generators * as_fractions(number, "factor").item())
        return type(self)(self._generators * as_floats(number, "factor").item())

    def __rmul__(self, factor: float | Fraction) -> Self:
        return self * factor

    def image(self, matrix: ArrayLike) -> Self:
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

        >>> from relucomb import Zonotope
        >>> Zonotope([[1, 0, 0], [0, 1, 0], [0, 0, 1]]).image([[1, 0, 1], [0, 1, 1]]).count_vertices()
        6
        """
        A = as_fractions(matrix, "matrix", ndim=2)
        if A.shape[1] != self.ambient_dimension or len(A) == 0:
            raise ValueError(f"matrix must have shape (k, {self.ambient_dimension}), k at least 1; got {A.shape}")
        return type(self)(self.exact().generators @ A.T)

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the same set: whatever the order, the signs and the splitting of generators."""
        if not isinstance(other, Generators):
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
