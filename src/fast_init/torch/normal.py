"""Fills with a normal distribution, whole or truncated, for tensors."""

from __future__ import annotations

from typing import TypeVar

import torch

from ..init.normal import NORMAL, TRUNCATED
from ..init.normal import normal_ as fill_array
from ..sampling.names import Bounds, OnEmpty, is_word
from ..sampling.shards import Offset, Shape
from ..sampling.streams import Seed
from ..sampling.where import Where
from ..schemes.distributions import TruncatedNormal
from ..schemes.plans import apply
from .destinations import PLAIN, array_of
from .filling import fill, fill_by, increment_version

__all__ = ["normal_", "trunc_normal_"]

T = TypeVar("T", bound=torch.Tensor)


def normal_(
    tensor: T,
    mean: float = 0.0,
    std: float = 1.0,
    generator: torch.Generator | None = None,
    *,
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill with N(mean, std^2), in place: `fast_init.normal_` for tensors, with the same bits.

    Parameters
    ----------
    tensor
        The destination: float32, float64, float16 or bfloat16, of any shape and strides; a view or an nn.Parameter too.
        On the CPU its own memory is written. On another device, slabs drawn on the CPU are copied to it. Of a DTensor,
        each process draws the part that it holds, with the values and the fans of the whole; nothing is communicated.
    mean, std
        Finite, std >= 0, within the range of the dtype.
    generator
        A torch.Generator, on any device: 64 bits drawn from it are the key. Without it and `seed`, torch's own of the
        CPU, so that torch.manual_seed holds; for a DTensor, one of the two is needed, the same on all processes.
    seed
        An int in [0, 2**64), which is the key; or a NumPy SeedSequence or Generator, from which 64 bits are drawn.
    name
        Names an independent stream under the same seed: the parameter's name, say.
    threads
        The most threads to use, at least 1; None for OMP_NUM_THREADS or the CPUs this process may use.
        The values do not depend on it.
    on_empty
        What to do about a tensor without elements: ``"warn"`` (`EmptyArrayWarning`), ``"error"`` or ``"ignore"``.
    global_shape, offset
        `tensor` is the block of a tensor of `global_shape` that starts at `offset`, see `fast_init.normal_`.
        A DTensor takes neither.

    Returns
    -------
    torch.Tensor
        The tensor that was given, filled. Autograd records nothing, as under torch.no_grad(); the tensor's version
        counter grows.

    Raises
    ------
    TypeError
        `tensor` is none, or one of a dtype, layout or class that cannot be filled, or an argument has a wrong type.
    ValueError
        `tensor` has no memory (on the meta device) or overlaps itself, or an argument has a value it must not have.
        The tensor is then untouched.

    Examples
    --------
    >>> w = normal_(torch.empty(2, 3, dtype=torch.bfloat16), std=0.02, seed=42, name="w")
    >>> bool((w.float() == normal_(torch.empty(2, 3), std=0.02, seed=42, name="w").bfloat16().float()).all())
    True
    """
    # `fill` in place, as in fast_init.normal_: half of what a call costs beside the draw of a few elements.
    if seed is not None and generator is None and type(tensor) in PLAIN and tensor.is_cpu:
        array = array_of(tensor)
        fill_array(
            array,
            mean,
            std,
            seed=seed,
            name=name,
            global_shape=global_shape,
            offset=offset,
            threads=threads,
            on_empty=on_empty,
        )
        increment_version((tensor,))
        return tensor
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    return fill(tensor, lambda array, place: apply(array, place, NORMAL, (mean, std)), where, generator)


def trunc_normal_(
    tensor: T,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: torch.Generator | None = None,
    *,
    bounds: Bounds = "absolute",
    seed: Seed = None,
    name: str | None = None,
    threads: int | None = None,
    on_empty: OnEmpty = "warn",
    global_shape: Shape | None = None,
    offset: Offset | None = None,
) -> T:
    """Fill with N(mean, std^2) conditioned on [a, b]: `fast_init.trunc_normal_` for tensors.

    As torch's, `a` and `b` are absolute, unless `bounds` is ``"sigma"``. `generator` and all after it are those of
    `normal_`.

    Examples
    --------
    >>> w = trunc_normal_(torch.empty(100_000), std=0.02, a=-2, b=2, bounds="sigma", seed=42)
    >>> bool(w.abs().max() <= 0.04), round(float(w.std()) / 0.02, 2)  # cut at 2 sigma: std is 0.88 sigma
    (True, 0.88)
    """
    where = Where(seed, name, global_shape, offset, threads, on_empty)
    if not is_word(bounds, TRUNCATED):
        return fill_by(tensor, TruncatedNormal(mean, std, a, b, bounds), where, generator)  # raises
    plans = TRUNCATED[bounds]
    return fill(tensor, lambda array, place: apply(array, place, plans, (mean, std, a, b)), where, generator)
