"""What does a new array cost, from its allocation to its last number?

The system must find and clear the pages of a large one, which no peer can avoid.
"""

from __future__ import annotations

import pytest

from .peers import Job, normal_job, uniform_job
from .race import Race


@pytest.mark.parametrize(
    ("question", "job"),
    [("N(0, 1)", normal_job(1.0)), ("U[0, 1)", uniform_job(0.0, 1.0))],
    ids=["normal", "uniform"],
)
def test_new_array(race: Race, question: str, job: Job) -> None:
    race.fresh(question, job)
