"""How fast are uniform numbers drawn into memory that is in use already?

On [0, 1) NumPy is at its strongest, any other interval costs it two more passes.
"""

from __future__ import annotations

import pytest

from .peers import uniform_job
from .race import Race


@pytest.mark.parametrize(("a", "b"), [(0.0, 1.0), (-0.5, 1.0)])
def test_uniform(race: Race, a: float, b: float) -> None:
    race.warm(f"U[{a:g}, {b:g})", uniform_job(a, b))
