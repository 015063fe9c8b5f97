"""The records of weights whose zeros have places: sparse, dirac, eye."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log, prod, sqrt

import numpy as np

from ..sampling.calls import WORDS_PLAN
from ..sampling.destinations import Array, DType
from ..sampling.filling import draw
from ..sampling.numbers import finite, non_negative, positive_int, raised
from ..sampling.shown import shown
from ..sampling.where import Where
from .check import Check
from .distributions import Normal
from .made_whole import Fixed, Structured
from .scheme import factory

__all__ = ["Dirac", "Eye", "Sparse"]

# The stream of a sparse matrix's zeros: that of the tensor's name and ZEROS; of a tensor without a name, its own.
ZEROS, UNNAMED = "\0zeros", "\0zeros of no name"


@factory
@dataclass(frozen=True, repr=False)
class Sparse(Structured):
    """N(0, std^2) with a fixed share of zeros in each column: what `sparse_` draws.

    Examples
    --------
    >>> sparse(0.75, std=1.0).std_for((100, 50))  # one element in four is not zero
    0.5
    """

    kind = "sparse"
    sparsity: float
    std: float = 0.01

    def __post_init__(self) -> None:
        object.__setattr__(self, "sparsity", finite("sparsity", self.sparsity))
        object.__setattr__(self, "std", non_negative("std", self.std))
        if not 0 <= self.sparsity <= 1:
            raise ValueError(f"sparsity is {self.sparsity!r}; it must be in [0, 1]: pass the share of zeros")

    def times(self, base: float, power: float) -> Sparse:
        return Sparse(self.sparsity, self.std * abs(raised(base, power)))

    def zeros_in(self, rows: int) -> int:
        """Return the number of zeros in a column of that many rows."""
        return ceil(self.sparsity * rows)

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the root of the mean square of the elements, zeros included."""
        _two_axes(shape)
        return self.std * sqrt(1 - self.zeros_in(shape[0]) / shape[0]) if shape[0] else 0.0

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:
        finite("std", self.std, dtype.largest)
        _two_axes(shape)

    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:
        Normal(0.0, self.std).apply(array, Where(seed, name, threads=threads))
        stream = UNNAMED if name is None else name + ZEROS
        order = draw(np.empty(array.shape, np.uint32), WORDS_PLAN, Where(seed, stream, threads=threads))
        zeros = np.argsort(order, axis=0, kind="stable")[: self.zeros_in(array.shape[0])]
        np.put_along_axis(array, zeros, array.dtype.type(0), axis=0)

    def evidence(self, array: Array) -> tuple[Check, ...]:
        """Return columns with too few zeros, zeros beyond the expected (by underflow), and the others' variance."""
        zeros, expected = (array == 0).sum(axis=0), self.zeros_in(array.shape[0])
        tiny = float(np.nextafter(array.dtype.type(0), array.dtype.type(1)))
        beyond = (int(zeros.sum()) - expected * zeros.size) / max(array.size, 1)
        counts = (
            Check("columns with too few zeros", int((zeros < expected).sum()), 0, 0),
            Check("share of zeros beyond", beyond, 0, 4 / max(array.size, 1) + 1e-6 + tiny / (self.std or tiny)),
        )
        others = array[array != 0].astype(np.float64)
        if self.std == 0 or others.size == 0:
            return counts
        x = log(2e6)  # a true draw is outside with probability 1e-6: Laurent and Massart's bound
        allowed = 2 * sqrt(x / others.size) + 2 * x / others.size
        return (*counts, Check("variance / expected", float(np.square(others / self.std).mean()), 1, allowed))


@factory
@dataclass(frozen=True, repr=False)
class Dirac(Fixed):
    """A convolution that passes its inputs on: what `dirac_` writes.

    Examples
    --------
    >>> dirac().fill_(np.empty((2, 2, 3), np.float32))[0]
    array([[0., 1., 0.],
           [0., 0., 0.]], dtype=float32)
    """

    kind = "dirac"
    groups: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", positive_int("groups", self.groups))

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the standard deviation of the elements, of which a few are 1 and the others 0."""
        ones = self._passed(shape) * self.groups
        share = ones / prod(shape) if prod(shape) else 0.0
        return sqrt(share * (1 - share))

    def _passed(self, shape: tuple[int, ...]) -> int:
        """The number of inputs that each group passes on."""
        if len(shape) not in (3, 4, 5):
            raise ValueError(
                f"shape {shape} has {len(shape)} axes; dirac_ needs outputs, inputs and 1 to 3 kernel axes: use eye_ "
                "for a matrix"
            )
        if shape[0] % self.groups:
            raise ValueError(
                f"groups is {shown(self.groups)}; it must divide the {shape[0]} outputs of shape {shape}: pass the "
                "convolution's number of groups"
            )
        return min(shape[0] // self.groups, shape[1])

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:  # noqa: ARG002
        self._passed(shape)

    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:  # noqa: ARG002
        array[...] = 0
        outputs, passed = array.shape[0] // self.groups, np.arange(self._passed(array.shape))
        center = tuple(n // 2 for n in array.shape[2:])
        for group in range(self.groups):
            array[(group * outputs + passed, passed, *center)] = 1


@factory
@dataclass(frozen=True, repr=False)
class Eye(Fixed):
    """Ones on the diagonal: what `eye_` writes.

    Examples
    --------
    >>> eye().fill_(np.empty((2, 3), np.float32))
    array([[1., 0., 0.],
           [0., 1., 0.]], dtype=float32)
    """

    kind = "eye"

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the standard deviation of the elements, of which those of the diagonal are 1."""
        _two_axes(shape)
        share = min(shape) / prod(shape) if prod(shape) else 0.0
        return sqrt(share * (1 - share))

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:  # noqa: ARG002
        _two_axes(shape)

    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:  # noqa: ARG002
        array[...] = 0
        diagonal = np.arange(min(array.shape))
        array[diagonal, diagonal] = 1


def _two_axes(shape: tuple[int, ...]) -> None:
    if len(shape) != 2:
        raise ValueError(
            f"shape {shape} has {len(shape)} axes; a matrix has 2: pass one, or a view of the array as one"
        )
