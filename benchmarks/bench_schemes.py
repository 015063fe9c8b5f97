"""What does a weight matrix cost, its standard deviation found from its shape?

NumPy is given the number and has only to draw and scale.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt, sqrt

import pytest

import fast_init

from .peers import Job, normal_job, uniform_job
from .race import Race


def he_normal(_fan_out: int, fan_in: int) -> Job:
    return normal_job(sqrt(2 / fan_in), fast_init.he_normal_)


def he_uniform(_fan_out: int, fan_in: int) -> Job:
    return uniform_job(-sqrt(6 / fan_in), sqrt(6 / fan_in), fast_init.he_uniform_)


def xavier_normal(fan_out: int, fan_in: int) -> Job:
    return normal_job(sqrt(2 / (fan_in + fan_out)), fast_init.xavier_normal_)


def lecun_normal(_fan_out: int, fan_in: int) -> Job:
    return normal_job(sqrt(1 / fan_in), fast_init.lecun_normal_)


@pytest.mark.parametrize("scheme", [he_normal, he_uniform, xavier_normal, lecun_normal])
def test_scheme(race: Race, scheme: Callable[[int, int], Job]) -> None:
    rows = max(1, isqrt(race.size.elements) // 2)
    shape = rows, race.size.elements // rows
    race.warm(scheme.__name__, scheme(*shape), shape)
