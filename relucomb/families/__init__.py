"""Hard families: functions of deep networks that shallow networks can only afford at a much larger size.

Each function is an object that knows its parameters, checks them, evaluates itself exactly without its network, builds
its exact network, and counts its pieces by a closed form. The theorems about the families are in
:mod:`relucomb.families.theorems`, their formulas, as sympy expressions, in :mod:`relucomb.families.formulas`, and the
best approximation by few pieces (Theorem 2.3.6) is :func:`best_sawtooth_approximation`.
"""

from __future__ import annotations

from relucomb.families.approximation import best_sawtooth_approximation
from relucomb.families.montufar import Montufar
from relucomb.families.sawtooth import Sawtooth
from relucomb.families.telgarsky import Telgarsky
from relucomb.families.zonotope_function import ZonotopeFunction

__all__ = ["Montufar", "Sawtooth", "Telgarsky", "ZonotopeFunction", "best_sawtooth_approximation"]
