from typing import Any

import numpy as np
import numpy.typing as npt

from fast_init.sampling.calls import DrawPlan, KernelCall

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
CALL_FIELDS: tuple[str, ...]
PLAN_FIELDS: tuple[str, ...]

def fill(
    array: np.ndarray[Any, Any],
    plan: DrawPlan,
    key: int,
    stream: int,
    base_index: int,
    index_strides: tuple[int, ...],
    threads: int,
    /,
) -> int: ...
def fill_many(calls: list[KernelCall], threads: int) -> None: ...
def philox4x32(
    counters: npt.NDArray[np.uint32], key: npt.NDArray[np.uint32], rounds: int = 10
) -> npt.NDArray[np.uint32]: ...

class DefaultFloatingPoint:
    def __enter__(self) -> None: ...
    def __exit__(self, *exception: object) -> None: ...

def available_isas() -> list[str]: ...
def active_isa() -> str: ...
