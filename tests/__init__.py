"""Tests of the package; the libraries of sums have one thread here, for several processes test at once."""

import os

LIBRARIES = ("OMP", "OPENBLAS", "MKL")

# Before numpy is imported, and for processes that tests start. Threads that wait for a core spin, and a test
# of many small sums takes up to ten times as long. Tests of threads themselves take `several_threads`.
for _library in LIBRARIES:
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
