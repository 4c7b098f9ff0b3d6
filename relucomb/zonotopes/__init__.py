"""Zonotopes: vertices with sign vectors, support, membership, volume, faces, all exact."""

from __future__ import annotations

from relucomb.zonotopes.zonotope import Zonotope

__all__ = ["Zonotope"]
