"""The record of tables of positions: sines and cosines of a position at many wavelengths."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt, prod, sqrt
from typing import get_args

import numpy as np

from ..sampling.destinations import Array, DType
from ..sampling.floating_point import rounded_to_nearest
from ..sampling.names import is_word
from ..sampling.numbers import finite
from ..sampling.shown import shown
from .made_whole import Fixed
from .names import WaveOrder
from .scheme import factory
from .waves import angles, rounded, waves

__all__ = ["Sinusoidal"]

MOST = 1 << 24  # elements: a million pairs take about a second
WIDEST = 1 << 16  # channels: a frequency takes as long as 30 pairs
LONGEST = 2.0**64  # timescale: sines of smaller angles would have fewer digits


@factory
@dataclass(frozen=True, repr=False)
class Sinusoidal(Fixed):
    """Positions as waves: sin(p f_k) and cos(p f_k) of position p, f_k = max_timescale^-w, w = k / n, k = 0 .. n - 1.

    The last axis has channels, the one before it positions p = 0, 1, ...; other axes are alike. Each value is the real
    number, rounded once to the family.

    Parameters
    ----------
    order
        Of the D channels: ``"interleaved"``, sin and cos of f_0, then of f_1 (n = D / 2); ``"halves"``, all sines, then
        all cosines; ``"grid"``, for positions that are the rows of a square image, one after the other: halves of the
        place in the row, then halves of the row (n = D / 4).
    max_timescale
        From 1 to 2**64.
    endpoint
        Whether the last frequency is 1 / max_timescale: w = k / (n - 1), of n = 1 w = 0.

    Raises
    ------
    TypeError, ValueError
        An argument is not what it must be; with a table, D is no multiple of 2 (of a grid, 4), a grid is not square, or
        the table has more than 2^24 elements or 65,536 channels.

    References
    ----------
    Vaswani et al., "Attention is all you need", 2017, section 3.5: interleaved. Halves with the endpoint: Radford et
    al., "Robust speech recognition via large-scale weak supervision", 2022, section 2.2 and openai/whisper, model.py.
    The grid: Peebles and Xie, "Scalable diffusion models with transformers", 2022, section 3.2; facebookresearch/DiT,
    models.py, get_2d_sincos_pos_embed.

    Examples
    --------
    >>> sinusoidal().fill_(np.empty((3, 4), np.float32))
    array([[ 0.        ,  1.        ,  0.        ,  1.        ],
           [ 0.84147096,  0.5403023 ,  0.00999983,  0.99995   ],
           [ 0.9092974 , -0.41614684,  0.01999867,  0.9998    ]],
          dtype=float32)
    >>> sinusoidal("halves", endpoint=True).fill_(np.empty((2, 4))).round(3)  # Whisper's
    array([[0.   , 0.   , 1.   , 1.   ],
           [0.841, 0.   , 0.54 , 1.   ]])
    >>> sinusoidal("grid").fill_(np.empty((1, 4, 4))).round(3)  # DiT's, of 2 x 2 patches
    array([[[0.   , 1.   , 0.   , 1.   ],
            [0.841, 0.54 , 0.   , 1.   ],
            [0.   , 1.   , 0.841, 0.54 ],
            [0.841, 0.54 , 0.841, 0.54 ]]])
    """

    kind = "sinusoidal"
    order: WaveOrder = "interleaved"
    max_timescale: float = 10000.0
    endpoint: bool = False

    def __post_init__(self) -> None:
        if not is_word(self.order, ORDERS):
            raise ValueError(f"order is {shown(self.order)}; it must be one of {', '.join(ORDERS)}: pass one of these")
        object.__setattr__(self, "max_timescale", finite("max_timescale", self.max_timescale))
        if not 1 <= self.max_timescale <= LONGEST:
            raise ValueError(
                f"max_timescale is {self.max_timescale!r}; it must be from 1 to 2**64: pass the usual 10000"
            )
        if type(self.endpoint) is not bool:
            raise TypeError(f"endpoint is {shown(self.endpoint)}; it must be a bool: pass True or False")

    def plan_for(self, shape: tuple[int, ...], dtype: DType) -> None:  # noqa: ARG002
        self._check(shape)

    def _check(self, shape: tuple[int, ...]) -> None:
        if len(shape) < 2:
            raise ValueError(f"shape is {shape}; a table of positions has rows and channels: pass 2 axes or more")
        unit = 4 if self.order == "grid" else 2
        if shape[-1] % unit:
            raise ValueError(f"shape is {shape}; with order {self.order!r} channels come by {unit}: pass a multiple")
        if self.order == "grid" and isqrt(shape[-2]) ** 2 != shape[-2]:
            raise ValueError(f"shape is {shape}; a grid's rows are those of a square image: pass a square number")
        if prod(shape) > MOST or shape[-1] > WIDEST:
            raise ValueError(
                f"shape is {shape}; {self.kind} has at most {MOST:,} elements and {WIDEST:,} channels: pass a smaller"
            )

    def _sizes(self, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """The number of places along a side, of frequencies, and of steps from timescale 1 to the longest."""
        grid = self.order == "grid"
        count = shape[-1] // (4 if grid else 2)
        return isqrt(shape[-2]) if grid else shape[-2], count, max(count - self.endpoint, 1)

    @rounded_to_nearest
    def _make(self, array: Array, seed: int, name: str | None, threads: int) -> None:  # noqa: ARG002
        places, count, steps = self._sizes(array.shape)
        for k, angle in enumerate(angles(self.max_timescale, steps, count)):
            sines, cosines = (rounded(wave, array.itemsize == 8) for wave in waves(angle, places))
            if self.order == "grid":
                for first, spread in ((k, np.tile), (2 * count + k, np.repeat)):
                    array[..., first], array[..., first + count] = spread(sines, places), spread(cosines, places)
            else:
                first, step = (k, count) if self.order == "halves" else (2 * k, 1)
                array[..., first], array[..., first + step] = sines, cosines

    def std_for(self, shape: tuple[int, ...]) -> float:
        """Return the standard deviation of the values, whose mean square is 1 / 2."""
        self._check(shape)
        if not prod(shape):
            return 0.0
        places, count, steps = self._sizes(shape)
        half = np.power(self.max_timescale, -np.arange(count) / steps) / 2
        sums = np.sin(places * half) / np.sin(half)  # Lagrange's: of cos(p f), divided by cos((places - 1) f / 2)
        phase = (places - 1) * half
        mean = float((sums * (np.sin(phase) + np.cos(phase))).sum()) / (2 * count * places)
        return sqrt(max(0.5 - mean**2, 0.0))


ORDERS = get_args(WaveOrder)
