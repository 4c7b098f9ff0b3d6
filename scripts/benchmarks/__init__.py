"""What bench_erm.py, bench_pieces.py and plot_scaling.py are made of.

Importing this package leaves one thread to linear algebra, so it comes before anything that imports numpy.
"""

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
