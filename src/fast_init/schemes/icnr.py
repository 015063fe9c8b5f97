"""The record of the kernel before a pixel shuffle, whose sub-kernels are equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Any

import numpy as np

from ..sampling.destinations import Array, DType
from ..sampling.numbers import positive_int
from ..sampling.shown import shown
from ..sampling.where import Where
from .check import Check
from .fans import Fans, axes_of
from .law_checks import law_checks
from .made_whole import Structured, differences
from .scheme import FACTORIES, Scheme, factory
from .variance_scaling import he_normal

__all__ = ["Icnr"]

HE = he_normal()
FALSE_ALARM = 1e-6


@factory
@dataclass(frozen=True, repr=False)
class Icnr(Structured):
    """Output c upscale^2 + k of a convolution has the weights of output c of a smaller one, for k < upscale^2.

    PixelShuffle makes these outputs the upscale x upscale pixels of channel c: the convolution and the shuffle begin as
    the smaller convolution and an upsampling to nearest neighbours, without checkerboards. The smaller kernel is drawn
    as a tensor of its own shape, (outputs / upscale^2, inputs, ...): with its fans, from the stream of the name.

    Parameters
    ----------
    kernel
        The scheme of the smaller kernel, or its dict; outputs are the first axis, as in PyTorch. It has no formulas.
        Of an icnr it is that one's kernel, and upscale the product of both.
    upscale
        r of PixelShuffle(r): >= 1. A bias that is not constant needs ``icnr`` too.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be; with a weight, its outputs are no multiple of upscale^2.

    References
    ----------
    Aitken et al., "Checkerboard artifact free sub-pixel convolution", 2017, arXiv 1707.02937: initialization to
    convolution NN resize.

    Examples
    --------
    >>> w = icnr(he_normal(), upscale=2).fill_(np.empty((8, 3, 3, 3), np.float32), seed=42, name="up.weight")
    >>> small = he_normal().fill_(np.empty((2, 3, 3, 3), np.float32), seed=42, name="up.weight")
    >>> bool((w == np.repeat(small, 4, axis=0)).all())
    True
    """

    kind = "icnr"
    kernel: Scheme = HE
    upscale: int = 2

    def __post_init__(self) -> None:
        given: Any = self.kernel
        kernel = Scheme.from_dict(given) if isinstance(given, Mapping) else given
        if not isinstance(kernel, Scheme) or kernel.kind not in FACTORIES:
            raise TypeError(f"kernel is {shown(given)}; it must be a record without formulas: pass he_normal(), say")
        upscale = positive_int("upscale", self.upscale)
        if isinstance(kernel, Icnr):  # the same values, and no nest that a recipe's text could not hold
            upscale = positive_int("upscale of both", upscale * kernel.upscale)
            kernel = kernel.kernel
        object.__setattr__(self, "kernel", kernel)
        object.__setattr__(self, "upscale", upscale)

    @property
    def is_random(self) -> bool:  # type: ignore[override]
        """Whether anything is left to the seed."""
        return self.kernel.is_random

    @property
    def fan_in_power(self) -> float | None:  # type: ignore[override]
        """That of the kernel."""
        return self.kernel.fan_in_power

    def times(self, base: float, power: float) -> Icnr:
        return replace(self, kernel=self.kernel.times(base, power))

    def to_dict(self) -> dict[str, Any]:
        return {"scheme": self.kind, "kernel": self.kernel.to_dict(), "upscale": self.upscale}

    def _small(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of the smaller kernel."""
        copies = self.upscale**2
        if not shape or shape[0] % copies:
            raise ValueError(
                f"shape is {shape}; the outputs, its first axis, must be a multiple of upscale^2 = {shown(copies)}: "
                "pass the weight before a pixel shuffle, and its upscale"
            )
        layout = self.kernel.arguments.get("layout")
        if layout is not None and axes_of(layout, shape)[0][0] != "o":
            raise ValueError(
                f"kernel has the layout {shown(layout)}; PixelShuffle shuffles the first axis, so that has to be the "
                "outputs: pass one such as 'oi...'"
            )
        return shape[0] // copies, *shape[1:]

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return that of an element of the smaller kernel."""
        return self.kernel.std_for(self._small(shape))

    def fans_for(self, shape: tuple[int, ...]) -> Fans | None:
        """Return those of the smaller kernel."""
        return self.kernel.fans_for(self._small(shape))

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:
        self.kernel.plan_for(self._small(shape), dtype)

    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:
        small = np.empty(self._small(array.shape), array.dtype)
        self.kernel.apply(small, Where(seed, name, threads=threads))
        for k in range(copies := self.upscale**2):
            array[k::copies] = small

    def same(self, a: Array, b: Array) -> Array:
        """Whether each element of a is the draw that b is, as the kernel sees it."""
        return self.kernel.same(a, b)

    def evidence(self, array: Array) -> tuple[Check, ...]:
        """Return how many elements differ from those of the first sub-kernel, and what that one's draws fulfil."""
        if not array.size:
            return ()
        small = array[:: self.upscale**2]
        unequal = ~super().same(array, small.repeat(self.upscale**2, axis=0))
        copied = Check("elements that differ from the first sub-kernel", int(np.count_nonzero(unequal)), 0, 0)
        if self.std_for(array.shape) == 0:
            return copied, differences(self, array)
        if (distribution := self.kernel.distribution_for(small.shape)) is None:
            return copied, *self.kernel.evidence(small)
        return copied, *law_checks(small, distribution, log(8 / FALSE_ALARM))
