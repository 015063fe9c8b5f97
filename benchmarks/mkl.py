"""oneMKL's random number generators, called with ctypes (PyPI: mkl)."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# Numbers of mkl_vsl_defines.h.
GENERATORS = {"PHILOX4X32X10": 16 << 20, "ARS5": 15 << 20, "SFMT19937": 13 << 20, "MT19937": 8 << 20, "MCG59": 4 << 20}
GAUSSIANS = {"BOXMULLER": 0, "BOXMULLER2": 1, "ICDF": 2}
UNIFORM_STD = 0


def load() -> ctypes.CDLL:
    """Return the library; OSError if it is not installed."""
    found = sorted(Path(sys.prefix, "lib").glob("libmkl_rt.*"))
    library = ctypes.CDLL(str(found[0]) if found else "libmkl_rt.so.2")
    library.MKL_Set_Num_Threads(1)
    return library


def gaussian(generator: str, method: str, array: Array) -> Callable[[], object]:
    """Return a call that fills the float32 or float64 array with standard normals."""
    return _call("Gaussian", generator, GAUSSIANS[method], array, (0.0, 1.0))


def uniform(generator: str, array: Array) -> Callable[[], object]:
    """Return a call that fills the array from [0, 1)."""
    return _call("Uniform", generator, UNIFORM_STD, array, (0.0, 1.0))


def _call(
    distribution: str, generator: str, method: int, array: Array, parameters: tuple[float, float]
) -> Callable[[], object]:
    library = load()
    single = array.dtype == np.float32
    real = ctypes.c_float if single else ctypes.c_double
    stream = ctypes.c_void_p()
    if library.vslNewStream(ctypes.byref(stream), GENERATORS[generator], ctypes.c_uint(42)) != 0:
        raise OSError(f"oneMKL has no generator {generator}")
    function = getattr(library, f"v{'s' if single else 'd'}Rng{distribution}")
    pointer = array.ctypes.data_as(ctypes.c_void_p)

    def call() -> None:
        if function(method, stream, array.size, pointer, real(parameters[0]), real(parameters[1])) != 0:
            raise OSError(f"oneMKL refused {distribution} of {generator}")

    return call
