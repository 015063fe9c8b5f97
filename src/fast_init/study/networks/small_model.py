"""The weights of a model by a recipe, at widths that a moment's measuring can afford."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod, sqrt

import numpy as np

from ...recipes.lazy_tensor import LazyTensor
from ...recipes.rule import Rule
from ...schemes.variance_scaling import he_normal
from .activations import Array
from .mlp import Weights
from .roles import Family, Place

__all__ = ["CAP", "MATRICES", "MOST_LAYERS", "SmallModel", "Widths", "small_model", "widths_of"]

CAP = 128  # units of the residual stream
MOST_LAYERS = 256
MOST_WEIGHTS = 1 << 28  # of the layers at small widths: some gigabytes and minutes
MATRICES: dict[str, tuple[str, ...]] = {  # the shape, in widths: outputs and inputs are the last two
    "q": ("q", "d"),
    "k": ("k", "d"),
    "v": ("k", "d"),
    "qkv": ("3d", "d"),
    "o": ("d", "q"),
    "gate": ("f", "d"),
    "up": ("f", "d"),
    "down": ("d", "f"),
    "router": ("e", "d"),
    "experts gate up": ("e", "2f", "d"),
    "experts down": ("e", "d", "f"),
}


@dataclass(frozen=True)
class Widths:
    """Units: d of the residual stream, q of all queries, k of the keys, f of the MLP or of each of e experts."""

    d: int
    q: int
    k: int
    f: int
    e: int = 0

    def small(self) -> Widths:
        """Return the widths divided by the number that makes d at most CAP."""
        ratio = max(1.0, self.d / CAP)
        k = max(1, round(self.k / ratio))
        return Widths(round(self.d / ratio), k * (self.q // self.k), k, max(1, round(self.f / ratio)), self.e)

    def shape_of(self, role: str) -> tuple[int, ...]:
        """Return the shape of a matrix of MATRICES."""
        sizes = {**vars(self), "3d": 3 * self.d, "2f": 2 * self.f}
        return tuple(sizes[size] for size in MATRICES[role])


@dataclass(frozen=True, eq=False)
class SmallModel:
    """Weights by role: of what comes before the layers, and of each layer."""

    outside: Weights
    layers: list[Weights]


def widths_of(shapes: Mapping[str, tuple[int, ...]], places: Mapping[str, Place], family: Family) -> Widths:
    """Return the widths that all layers have; ValueError, with the reason, if these are no layers of the family."""
    layers: dict[int, dict[str, tuple[int, ...]]] = {}
    for name, (role, layer) in places.items():
        if layer is not None and role in MATRICES:
            layers.setdefault(layer, {})[role] = shapes[name][::-1] if family.inputs_first else shapes[name]
    if sorted(layers) != list(range(len(layers))) or len(layers) > MOST_LAYERS:
        raise ValueError(f"its layers are not 0 to L - 1 with L at most {MOST_LAYERS}")
    found = {_widths_of_layer(layer, roles) for layer, roles in layers.items()}
    if len(found) != 1:
        raise ValueError("its layers differ in width")
    widths = found.pop()
    if other := [name for name, (role, _) in places.items() if not _fits(role, shapes[name], widths)]:
        raise ValueError(f"{other[0]} has another shape than its layers need")
    small = widths.small()
    if (weights := sum(prod(small.shape_of(role)) for roles in layers.values() for role in roles)) > MOST_WEIGHTS:
        raise ValueError(f"its layers have {weights:,} weights at the widths that are measured, above {MOST_WEIGHTS:,}")
    return widths


def _widths_of_layer(layer: int, roles: Mapping[str, tuple[int, ...]]) -> Widths:
    attention = ("o", "qkv") if "qkv" in roles else ("o", "q", "k", "v")
    mlp = ("experts gate up", "experts down") if "router" in roles else ("up", "down")
    if missing := [role for role in (*attention, *mlp) if role not in roles]:
        raise ValueError(f"layer {layer} has no {missing[0]}")
    if all(len(shape) == len(MATRICES[role]) and 0 not in shape for role, shape in roles.items()):
        d, f, e = roles["o"][0], roles[mlp[1]][-1], roles["router"][0] if "router" in roles else 0
        q, k = (d, d) if "qkv" in roles else (roles["q"][0], roles["k"][0])
        widths = Widths(d, q, k, f, e)
        if q % k == 0 and all(widths.shape_of(role) == shape for role, shape in roles.items()):
            return widths
    raise ValueError(f"the matrices of layer {layer} do not fit together")


def _fits(role: str, shape: tuple[int, ...], widths: Widths) -> bool:
    """Whether what is no matrix of the layers has the shape that they need; a model's end is not looked at."""
    whose = role.removesuffix(" bias")
    if whose in ("head", "final norm") or role in MATRICES:
        return True
    if whose in ("q norm", "k norm"):
        return len(shape) == 1 and shape[0] > 0 and (widths.q if whose == "q norm" else widths.k) % shape[0] == 0
    if whose in MATRICES:
        return shape == (widths.shape_of(whose)[-2],)
    return shape == (widths.d,) if "norm" in whose else len(shape) == 2 and shape[0] > 0 and shape[1] == widths.d


def small_model(
    tensors: Mapping[str, LazyTensor],
    places: Mapping[str, Place],
    family: Family,
    widths: Widths,
    *,
    tokens: int,
    he: bool = False,
) -> SmallModel:
    """Return a model's weights, drawn at the small widths from the streams that its own tensors are drawn from.

    A matrix of n' inputs in the place of n is multiplied so that n' sigma'^2 is n sigma^2; what is not narrower is as
    it is. With `he` the matrices of the layers are `he_normal`'s. ValueError if a scheme cannot have the shape.
    """
    outside: dict[str, Array] = {}
    layers: list[dict[str, Array]] = [{} for _ in {p.layer for p in places.values() if p.layer is not None}]
    small = widths.small()
    for name, (role, layer) in places.items():
        if role.removesuffix(" bias") in ("head", "final norm"):
            continue
        target = outside if layer is None else layers[layer]
        if role in MATRICES:
            target[role] = _matrix(tensors[name], small.shape_of(role), inputs_first=family.inputs_first, he=he)
        elif role.endswith(" bias") or "norm" in role:
            target[role] = _drawn(tensors[name], (_units(role, tensors[name], widths),), 1.0)
        else:
            target[role] = _drawn(tensors[name], (min(tokens, tensors[name].shape[0]), small.d), 1.0)
    return SmallModel(outside, [_unfused(layer) for layer in layers])


def _units(role: str, tensor: LazyTensor, widths: Widths) -> int:
    """Return how many there are, at the small widths, in a norm or a bias."""
    small, whose = widths.small(), role.removesuffix(" bias")
    if whose in ("q norm", "k norm"):  # of all units, or of a head's, which are all those of the one head of keys
        return small.q if whose == "q norm" and tensor.shape[0] == widths.q else small.k
    return small.shape_of(whose)[-2] if whose in MATRICES else small.d


def _matrix(tensor: LazyTensor, shape: tuple[int, ...], *, inputs_first: bool, he: bool) -> Array:
    stored = shape[::-1] if inputs_first else shape
    if he:
        layout = "eoi" if len(shape) == 3 else "io" if inputs_first else "oi"
        rule = Rule.named(tensor.name, he_normal(layout=layout))
        tensor = LazyTensor(tensor.name, tensor.shape, tensor.dtype, rule, tensor.seed)
    w = _drawn(tensor, stored, sqrt(tensor.shape[0 if inputs_first else -1] / shape[-1]))
    return w.T if inputs_first else w


def _drawn(tensor: LazyTensor, shape: tuple[int, ...], factor: float) -> Array:
    """Return a tensor drawn in a smaller shape, with `factor` times the sigma that the whole has."""
    blocks = []
    for piece in tensor.pieces:
        rows = max(1, round(shape[0] * (piece.stop - piece.start) / tensor.shape[0]))
        part = (rows, *shape[1:])
        block = piece.scheme.new(part, "float32", seed=tensor.seed, name=piece.stream).astype(np.float64)
        drawn, whole = piece.scheme.std_for(part), piece.scheme.std_for(piece.shape)
        blocks.append(block * (factor * whole / drawn if drawn else 1.0))
    return np.concatenate(blocks)


def _unfused(weights: dict[str, Array]) -> Weights:
    for ending in ("", " bias"):
        if (fused := weights.pop(f"qkv{ending}", None)) is not None:
            weights.update(zip((f"{role}{ending}" for role in "qkv"), np.split(fused, 3), strict=True))
    return weights
