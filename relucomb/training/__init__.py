"""Provable training of ReLU gates and small networks: algorithms, their theorems as checks, and baselines."""
