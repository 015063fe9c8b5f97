from typing import Any

import numpy as np
import numpy.typing as npt

COMPILER: str
BITS: int
UNIFORM: int
NORMAL: int
TRUNCATED_CENTER: int
TRUNCATED_TAIL: int
QUANTILE_TERMS_32: tuple[int, int]
QUANTILE_TERMS_64: tuple[int, int]
UINT32: int
FLOAT32: int
FLOAT16: int
BFLOAT16: int
FLOAT64: int

def fill(
    array: np.ndarray[Any, Any],
    distribution: int,
    dtype: int,
    p0: float,
    p1: float,
    seed: int,
    stream: int,
    threads: int,
    first: int = 0,
    table: tuple[float, ...] = (),
    steps: tuple[int, ...] = (),
) -> int: ...
def fill_many(
    jobs: list[tuple[np.ndarray[Any, Any], int, int, float, float, int, int, int, tuple[float, ...], tuple[int, ...]]],
    threads: int,
) -> None: ...
def philox4x32(
    counters: npt.NDArray[np.uint32], key: npt.NDArray[np.uint32], rounds: int = 10
) -> npt.NDArray[np.uint32]: ...
def available_isas() -> list[str]: ...
def active_isa() -> str: ...
def thread_limit() -> int: ...
