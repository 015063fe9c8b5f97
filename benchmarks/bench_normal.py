"""How fast are standard normals drawn into memory that is in use already?

NumPy at its strongest: no pass to scale them. `bench_schemes` scales.
"""

from __future__ import annotations

from .peers import normal_job
from .race import Race


def test_standard_normal(race: Race) -> None:
    race.warm("N(0, 1)", normal_job(1.0))
