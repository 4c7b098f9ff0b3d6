"""relucomb: exact and combinatorial solvers for small ReLU networks."""
