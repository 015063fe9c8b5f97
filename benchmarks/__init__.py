"""fast_init against NumPy's generators, one question per file.

``pytest --benchmark-only`` from the repository root runs them, ``pytest --benchmark-only
benchmarks/bench_normal.py`` answers one question, and plain ``pytest`` leaves them out. A group of the output
compares the peers of `peers.PEERS` at one job, one dtype and one size; ``--benchmark-columns=min,median``
narrows its table, ``--benchmark-json=FILE`` keeps the numbers, with the ns per element of each and the
configuration of fast_init.

``FAST_INIT_BENCH_MAX`` in the environment is the largest size, in elements: 4096 makes a run of seconds
that only checks the benchmarks, 67108864 is the default and takes minutes and 2 GiB of memory.
``OMP_NUM_THREADS`` is the meaning of "all threads". NumPy's generators and its in-place arithmetic use one.

``python -m benchmarks.measure`` and ``python -m benchmarks.report`` make the figures of docs/performance.md, against
torch, oneMKL, JAX and randomgen too (extra ``bench``); `contests.py` holds those questions.

`bench_*.py` hold the questions, `peers.py` who is compared, `race.py` how one is timed, `laws.py` what
it must have drawn; `conftest.py` spans dtypes and sizes.
"""
