"""The weights of a model by a recipe, at widths that a moment's measuring can afford."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from ...recipes.lazy_tensor import LazyTensor
from ...recipes.rule import Rule
from ...schemes.variance_scaling import he_normal
from .activations import Array
from .roles import Family, Place
from .transformer import Weights

__all__ = ["CAP", "MATRICES", "MOST_LAYERS", "SmallModel", "Widths", "small_model", "widths_of"]

CAP = 128  # units of the residual stream
MOST_LAYERS = 256  # some gigabytes beyond
NEEDED = ("o", "up", "down")
MATRICES = {
    role: (sizes[0], sizes[1])
    for role, sizes in {"q": "qd", "k": "kd", "v": "kd", "o": "dq", "gate": "fd", "up": "fd", "down": "df"}.items()
}  # outputs, inputs


@dataclass(frozen=True)
class Widths:
    """Units: d of the residual stream, q of all queries, k of the keys, f of the MLP."""

    d: int
    q: int
    k: int
    f: int

    def small(self) -> Widths:
        """Return the widths divided by the number that makes d at most CAP."""
        ratio = max(1.0, self.d / CAP)
        k = max(1, round(self.k / ratio))
        return Widths(round(self.d / ratio), k * (self.q // self.k), k, max(1, round(self.f / ratio)))


@dataclass(frozen=True, eq=False)
class SmallModel:
    """Weights by role: of what comes before the layers, and of each layer."""

    outside: Weights
    layers: list[Weights]


def widths_of(shapes: Mapping[str, tuple[int, ...]], places: Mapping[str, Place], family: Family) -> Widths:
    """Return the widths that all layers have; ValueError, with the reason, if these are no layers of the family."""
    layers: dict[int, dict[str, tuple[int, ...]]] = {}
    for name, (role, layer) in places.items():
        if layer is not None and len(shapes[name]) == 2:
            layers.setdefault(layer, {})[role] = shapes[name][::-1] if family.inputs_first else shapes[name]
    if sorted(layers) != list(range(len(layers))) or len(layers) > MOST_LAYERS:
        raise ValueError(f"its layers are not 0 to L - 1 with L at most {MOST_LAYERS}")
    found = set()
    for layer, roles in layers.items():
        needed = (*NEEDED, "qkv") if "qkv" in roles else (*NEEDED, "q", "k", "v")
        if missing := [role for role in needed if role not in roles]:
            raise ValueError(f"layer {layer} has no {missing[0]}")
        d, f = roles["o"][0], roles["up"][0]
        q, k = (d, d) if "qkv" in roles else (roles["q"][0], roles["k"][0])
        found.add(Widths(d, q, k, f))
        expected = {
            role: (vars(Widths(d, q, k, f))[o], vars(Widths(d, q, k, f))[i]) for role, (o, i) in MATRICES.items()
        }
        expected["qkv"] = (3 * d, d)
        if q % k or any(expected[role] != shape for role, shape in roles.items()):
            raise ValueError(f"the matrices of layer {layer} do not fit together")
    if len(found) != 1:
        raise ValueError("its layers differ in width")
    return found.pop()


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
    small = vars(widths.small())
    for name, (role, layer) in places.items():
        if role.removesuffix(" bias") in ("head", "final norm"):
            continue
        target = outside if layer is None else layers[layer]
        whose, bias = role.removesuffix(" bias"), role.endswith(" bias")
        outputs = 3 * small["d"] if whose == "qkv" else small[MATRICES[whose][0]] if whose in MATRICES else small["d"]
        if bias or "norm" in role:
            target[role] = _drawn(tensors[name], (outputs,), 1.0)
        elif layer is None:
            target[role] = _drawn(tensors[name], (min(tokens, tensors[name].shape[0]), small["d"]), 1.0)
        else:
            inputs = small["d" if whose == "qkv" else MATRICES[whose][1]]
            target[role] = _matrix(tensors[name], (outputs, inputs), inputs_first=family.inputs_first, he=he)
    return SmallModel(outside, [_unfused(layer) for layer in layers])


def _matrix(tensor: LazyTensor, shape: tuple[int, int], *, inputs_first: bool, he: bool) -> Array:
    stored = shape[::-1] if inputs_first else shape
    if he:
        rule = Rule.named(tensor.name, he_normal(layout="io" if inputs_first else "oi"))
        tensor = LazyTensor(tensor.name, tensor.shape, tensor.dtype, rule, tensor.seed)
    w = _drawn(tensor, stored, sqrt(tensor.shape[0 if inputs_first else 1] / shape[1]))
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
