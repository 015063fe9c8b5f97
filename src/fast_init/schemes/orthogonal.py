"""The records of orthogonal matrices and convolutions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod, sqrt
from typing import Any

import numpy as np

from ..sampling.destinations import Array, DType
from ..sampling.dtypes import ulp_of_one
from ..sampling.numbers import finite, raised
from ..sampling.shown import shown
from ..sampling.where import Where
from .check import Check
from .distributions import Normal
from .fans import DEFAULT_LAYOUT, axes_of, check_layout
from .made_whole import Structured
from .scheme import factory

__all__ = ["DeltaOrthogonal", "Orthogonal"]


@dataclass(frozen=True, repr=False)
class Isometry(Structured):
    """A scheme of matrices that keep a norm, times a gain; of a shape in a layout. LAPACK makes them."""

    gain: float = 1.0
    layout: str = DEFAULT_LAYOUT

    def __post_init__(self) -> None:
        object.__setattr__(self, "gain", finite("gain", self.gain))
        check_layout(self.layout)

    def times(self, base: float, power: float) -> Isometry:
        return replace(self, gain=self.gain * raised(base, power))

    def same(self, a: Array, b: Array) -> Array:
        """Whether elements are the same within LAPACK's rounding."""
        return np.asarray(
            np.abs(a.astype(np.float64) - b.astype(np.float64))
            <= abs(self.gain) * (4 * ulp_of_one(a.dtype) + 1e-5 * (a.itemsize < 8) + 1e-12)
        )


@factory
@dataclass(frozen=True, repr=False)
class Orthogonal(Isometry):
    """Rows or columns, whichever are fewer, orthogonal and of length `gain`: what `orthogonal_` draws.

    Examples
    --------
    >>> orthogonal().std_for((64, 256))  # a row has 256 elements and length 1
    0.0625
    """

    kind = "orthogonal"

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return |gain| / sqrt(the longer side of the matrix): the root of the mean square of the elements."""
        _, outputs, inputs = _split(shape, self.layout)
        longer = max(prod(shape[k] for k in outputs), prod(shape[k] for k in inputs))
        return abs(self.gain) / sqrt(longer) if longer else 0.0

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:
        finite("gain", self.gain, dtype.largest)
        _split(shape, self.layout)

    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:
        axes = _split(array.shape, self.layout)
        batch, outputs, inputs = ([array.shape[k] for k in group] for group in axes)
        rows, columns = prod(outputs), prod(inputs)
        shape = prod(batch), max(rows, columns), min(rows, columns)
        q = self.gain * _haar(shape, array.dtype, seed, name, threads)
        matrices = q if rows >= columns else q.swapaxes(1, 2)
        array.transpose([k for group in axes for k in group])[...] = matrices.reshape(*batch, *outputs, *inputs)

    def evidence(self, array: Array) -> tuple[Check, ...]:
        """Return the largest deviation of the Gram matrices from gain^2 times the identity, in units of gain^2."""
        axes = _split(array.shape, self.layout)
        batch, outputs, inputs = (prod(array.shape[k] for k in group) for group in axes)
        matrices = array.transpose([k for group in axes for k in group]).reshape(batch, outputs, inputs)
        return (_gram_check(matrices if outputs <= inputs else matrices.swapaxes(1, 2), self.gain),)


@factory
@dataclass(frozen=True, repr=False)
class DeltaOrthogonal(Isometry):
    """Zero but for the center of the kernel, which is orthogonal: what `delta_orthogonal_` draws.

    Examples
    --------
    >>> delta_orthogonal(layout="...io")
    delta_orthogonal(gain=1.0, layout='...io')
    """

    kind = "delta_orthogonal"

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the root of the mean square of the elements, zeros included."""
        output, _, kernel = self._axes(shape)
        elements = shape[output] * prod(shape[k] for k in kernel)
        return abs(self.gain) / sqrt(elements) if elements else 0.0

    def _axes(self, shape: tuple[int, ...]) -> tuple[int, int, list[int]]:
        letters = _letters(self.layout, shape)
        kernel = [k for k, letter in enumerate(letters) if letter not in "oieb"]
        if letters.count("o") != 1 or letters.count("i") != 1 or len(kernel) + 2 != len(shape) or not kernel:
            raise ValueError(
                f"shape {shape} in layout {shown(self.layout)} is not that of a convolution; one output axis, one "
                "input axis and at least one kernel axis are needed: use orthogonal_ for matrices"
            )
        output, inputs = letters.index("o"), letters.index("i")
        if shape[inputs] > shape[output]:
            raise ValueError(
                f"shape {shape} has {shape[inputs]} inputs and {shape[output]} outputs; a norm cannot be kept by fewer "
                "outputs than inputs: swap the layout or use orthogonal_"
            )
        return output, inputs, kernel

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:
        finite("gain", self.gain, dtype.largest)
        self._axes(shape)

    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:
        output, inputs, kernel = self._axes(array.shape)
        q = _haar((1, array.shape[output], array.shape[inputs]), array.dtype, seed, name, threads)[0]
        array[...] = 0
        _center(array, output, inputs, kernel)[...] = self.gain * q

    def evidence(self, array: Array) -> tuple[Check, ...]:
        """Return the number of elements outside of the center that are not zero, and the center's Gram matrix."""
        center = _center(array, *self._axes(array.shape))
        outside = int(np.count_nonzero(array)) - int(np.count_nonzero(center))
        return Check("elements outside of the center", outside, 0, 0), _gram_check(center.T[None], self.gain)


def _center(array: Array, output: int, inputs: int, kernel: list[int]) -> Array:
    """The view of the kernel's middle, outputs by inputs."""
    return np.asarray(array.transpose(*kernel, output, inputs)[tuple((array.shape[k] - 1) // 2 for k in kernel)])


def _gram_check(rows: Array, gain: float) -> Check:
    """Of a stack of matrices whose rows are to be orthogonal and of length |gain|."""
    scaled = rows.astype(np.float64) / (gain or 1)
    gram = scaled @ scaled.swapaxes(1, 2)
    gram -= np.eye(gram.shape[1]) * (gain != 0)
    allowed = 4 * ulp_of_one(rows.dtype) + (2.0**-44 if rows.dtype == np.float64 else 2.0**-17)
    return Check("largest deviation from an orthogonal matrix", float(np.abs(gram).max(initial=0.0)), 0, allowed)


def _letters(layout: str, shape: tuple[int, ...]) -> list[str]:
    axes = axes_of(layout, shape)
    if any(parts > 1 for _, parts in axes):
        raise ValueError(
            f"layout {shown(layout)} has an axis of several parts; orthogonal weights are made one by one: "
            "give each part its own view of the array"
        )
    return [letter for letter, _ in axes]


def _split(shape: tuple[int, ...], layout: str) -> tuple[list[int], list[int], list[int]]:
    """The axes of independent matrices, of their outputs, and of inputs and receptive field."""
    letters = _letters(layout, shape)
    batch = [k for k, letter in enumerate(letters) if letter in "be"]
    outputs = [k for k, letter in enumerate(letters) if letter == "o"]
    return batch, outputs, [k for k in range(len(shape)) if k not in batch and k not in outputs]


def _haar(
    shape: tuple[int, int, int], dtype: np.dtype[Any], seed: int, name: str | None, threads: int
) -> np.ndarray[Any, Any]:
    """Matrices of at least as many rows as columns, which are orthonormal, of the uniform distribution.

    That is Q of the QR of normals, with R's diagonal positive. LAPACK rounds as it likes, so the bits depend on its
    build and threads. float64 for float64, else float32.
    """
    real = np.float64 if dtype == np.float64 else np.float32
    q, r = np.linalg.qr(Normal().apply(np.empty(shape, real), Where(seed, name, threads=threads)))
    signs = np.where(np.diagonal(r, axis1=1, axis2=2) < 0, real(-1), real(1))
    return np.asarray(q * signs[:, None, :])
