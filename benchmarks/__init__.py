"""fast_init against NumPy's generators, torch, oneMKL, JAX and randomgen: who fills an array fastest.

``python -m benchmarks.measure`` runs the contests (``--quick``: seconds, ``--only NAME``: some of them), checks what
everybody drew, prints a table and keeps the figures; ``python -m benchmarks.report`` makes docs/performance.md of
them. ``python -m benchmarks.instructions`` counts the instructions of one call. Libraries that are not installed are
left out, with the reason; the extra ``bench`` brings them.

- `contests/` holds the questions, a file a theme; `contest.py` says what a contest is.
- `peers.py` says who is compared, `mkl.py` how oneMKL is called.
- `timing.py` times a contest, `checking.py` checks what was drawn, `table.py` prints.
- `machine.py` asks fast_init and the system what the figures depend on.
- `measure.py` is the command, `report.py` makes pages of a run.
- `instructions.py` counts under valgrind.
- `scale.py` measures a checkpoint on a disk; `trillion.py` plans and verifies one of 10^12 parameters in sparse files.
- `workers.py` times processes beside threads, writing a checkpoint.
- `adapters_jax.py` times fast_init.jax, with the model of `jax_llama.py`.
"""
