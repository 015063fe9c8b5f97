"""What a recipe does at step 0: sigma by layer and role, and the signal forward and backward."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from ...recipes.lazy_tensor import LazyTensor
from ...recipes.recipe import Recipe
from ...recipes.text_table import text_table
from ...sampling.numbers import positive_int
from ...sampling.streams import key_of
from ...schemes.distributions import Constant, Normal
from ..networks.activations import Array
from ..networks.roles import FAMILIES, Family, Place, family_of, gemma_of
from ..networks.small_model import CAP, SmallModel, Widths, small_model, widths_of
from ..networks.transformer import normed, signals_through

__all__ = ["LayerSignal", "RecipeSignals", "SigmaRow", "recipe_signals"]

SEQUENCES, TOKENS = 4, 32
NUMBER = re.compile(r"(?<![^.])\d{1,9}(?![^.])")  # a whole component of a name; no layer has more digits


@dataclass(frozen=True)
class SigmaRow:
    """A tensor's sigma. Its role is its name with stars for numbers where none is known; layer None: in no layer."""

    name: str
    role: str
    layer: int | None
    sigma: float


@dataclass(frozen=True)
class LayerSignal:
    """RMS of the residual stream after so many layers, and of the gradient there: the recipe's, and he_normal's."""

    layers: int
    forward: float
    backward: float
    he_forward: float
    he_backward: float


@dataclass(frozen=True)
class RecipeSignals:
    """What `recipe_signals` found; prints as tables. `signals` is empty where no pass was made; `notes` say why."""

    family: str
    sigmas: tuple[SigmaRow, ...]
    signals: tuple[LayerSignal, ...]
    notes: tuple[str, ...]

    @property
    def by_role(self) -> dict[str, dict[int | None, float]]:
        """Return sigma by role and layer; of several tensors of one role and layer, the root mean square."""
        found: dict[str, dict[int | None, list[float]]] = {}
        for row in self.sigmas:
            found.setdefault(row.role, {}).setdefault(row.layer, []).append(row.sigma)
        return {
            role: {layer: float(np.sqrt(np.mean(np.square(some)))) for layer, some in layers.items()}
            for role, layers in found.items()
        }

    def __str__(self) -> str:
        roles = [(role, by_layer) for role, by_layer in self.by_role.items() if any(by_layer.values())]
        layers = sorted({layer for _, by_layer in roles for layer in by_layer if layer is not None})
        head = ["sigma, layer", *map(str, layers), "outside"]
        cells = [[role, *(_cell(by_layer.get(place)) for place in (*layers, None))] for role, by_layer in roles]
        text = text_table([*zip(*[head, *cells], strict=True)])
        if self.signals:
            rows = [(str(s.layers), *(f"{x:.4g}" for x in list(vars(s).values())[1:])) for s in self.signals]
            text += ["", *text_table([("RMS after layers", "forward", "backward", "he forward", "he backward"), *rows])]
        return "\n".join([*text, "", *self.notes])


def _cell(sigma: float | None) -> str:
    return "" if sigma is None else f"{sigma:.4g}"


def recipe_signals(
    recipe: Recipe, shapes: Mapping[str, tuple[int, ...]], *, seed: int = 0, experts_per_token: int = 2
) -> RecipeSignals:
    """Measure what a recipe does to a signal at step 0, beside `he_normal` in every matrix of the layers.

    Layers are those of the family that the names are of: Llama-like, with norms of queries and keys (Qwen3) and stacked
    experts (Mixtral, Qwen3-MoE) where there are such, OLMo-2-like, Gemma-2-like, GPT-2-like or BERT-like. Llama's names
    with norms that are drawn 0 are Gemma's. 128 random tokens in 4 sequences go forward, standard normal gradients
    start at the residual stream after the last layer. Where it is wider than 128, all widths are divided by the same
    number, and a matrix of n' inputs in the place of n has sqrt(n / n') of its sigma, which keeps both variances; there
    are as many experts. Rotary positions, dropout, padding rows, and multipliers that are no tensors, but Gemma's of
    the embedding, are left out.

    Parameters
    ----------
    recipe
        Any.
    shapes
        The shape of each tensor, by name.
    seed
        From 0 to 2**64 - 1; the streams are those of the tensors' names.
    experts_per_token
        num_experts_per_tok: how many experts the drawn router sends a token to, whose shares sum to 1.

    Returns
    -------
    RecipeSignals
        Sigmas of all tensors, signals by layer. No signals, and a note with the reason, where the names or shapes are
        not those of a family.

    Raises
    ------
    ValueError, TypeError
        A name has no rule, a shape is not what its scheme needs, or an argument has a value it must not have.

    Examples
    --------
    >>> from fast_init import recipes
    >>> found = recipe_signals(recipes.llama(), {"model.norm.weight": (64,), "lm_head.weight": (1000, 64)})
    >>> print(found)
    sigma, layer  lm_head.weight
    outside       0.02
    <BLANKLINE>
    no signals: no layers of a family that is known
    constant: model.norm.weight
    """
    count = positive_int("experts_per_token", experts_per_token)
    rules, dtype = recipe.rules_for(shapes), np.dtype(np.float32)
    tensors = {n: LazyTensor(n, tuple(shape), dtype, rules[n], key_of(seed)) for n, shape in shapes.items()}
    read = family_of(shapes)
    family, places = (None, {}) if read is None else read
    sigmas = tuple(SigmaRow(n, *places.get(n, _unknown(n)), t.std) for n, t in tensors.items())
    signals: tuple[LayerSignal, ...] = ()
    try:
        if read is None:
            raise ValueError("no layers of a family that is known")
        family = replace(_with_offset(tensors, *read), experts_per_token=count)
        signals, notes = _measured(tensors, family, places, seed)
    except ValueError as error:
        notes = [f"no signals: {error}"]
    if constant := list(dict.fromkeys(row.role for row in sigmas if row.sigma == 0)):
        notes.append(f"constant: {_few(constant)}")
    return RecipeSignals(family.name if family else "", sigmas, signals, tuple(notes))


def _with_offset(tensors: Mapping[str, LazyTensor], family: Family, places: Mapping[str, Place]) -> Family:
    """Return the family, Gemma's if its norms are drawn 0; ValueError if the model multiplies some by 0."""
    norms = [n for n, place in places.items() if re.search(r"\bnorm( \d)?$", place.role) and n.endswith("weight")]
    zero = [name for name in norms if tensors[name].rule.scheme == Constant(0.0)]
    if zero and zero == norms and family == FAMILIES[0]:
        return gemma_of(family)
    if zero and not family.unit_offset:
        raise ValueError(f"the norm {zero[0]} is 0, and the model multiplies by it")
    return family


def _unknown(name: str) -> Place:
    numbers = NUMBER.findall(name)
    return Place(NUMBER.sub("*", name), int(numbers[0]) if numbers else None)


def _few(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _measured(
    tensors: Mapping[str, LazyTensor], family: Family, places: dict[str, Place], seed: int
) -> tuple[tuple[LayerSignal, ...], list[str]]:
    unknown = [name for name in tensors if name not in places]
    if inner := [name for name in unknown if _unknown(name).layer is not None]:
        raise ValueError(f"the role of {len(inner)} tensors in layers is not known, such as {inner[0]}")
    if not any(place.role == "embedding" for place in places.values()):
        raise ValueError("there is no embedding")
    widths = widths_of({name: tensor.shape for name, tensor in tensors.items()}, places, family)
    passes = []
    for he in (False, True):
        model = small_model(tensors, places, family, widths, tokens=SEQUENCES * TOKENS, he=he)
        passes.append(_pass(model, family, widths.d, seed))
    signals = zip(*passes[0], *passes[1], strict=True)
    notes = [
        f"RMS on {SEQUENCES} random sequences of {TOKENS} tokens; gradients start as N(0, 1) after the last layer",
        _widths_note(widths),
        *([f"{min(family.experts_per_token, widths.e)} of {widths.e} experts a token"] if widths.e else []),
        "beside it the same model with he_normal in every matrix of the layers",
    ]
    if unknown:
        notes.append(f"no role is known of {_few(unknown)}: sigma only")
    return tuple(LayerSignal(k, *values) for k, values in enumerate(signals)), notes


def _widths_note(widths: Widths) -> str:
    small = widths.small()
    if small == widths:
        return f"real widths: {widths.d}, MLP {widths.f}"
    return f"widths {widths.d} and MLP {widths.f} measured as {small.d} and {small.f} (cap {CAP}), n sigma^2 kept"


def _pass(model: SmallModel, family: Family, width: int, seed: int) -> tuple[list[float], list[float]]:
    words = model.outside["embedding"]
    x = words[np.arange(SEQUENCES * TOKENS) % len(words)].reshape(SEQUENCES, TOKENS, -1)
    if family.scaled_embedding:
        x = x * sqrt(width)
    if "positions" in model.outside:
        x = x + model.outside["positions"][np.arange(TOKENS) % len(model.outside["positions"])]
    if "token types" in model.outside:
        x = x + model.outside["token types"][0]
    with np.errstate(over="ignore", invalid="ignore"):
        if "embedding norm" in model.outside:
            x, _ = normed(x, model.outside, "embedding norm", family)
        start = Normal().fill_(np.empty(x.shape), seed=seed, name="gradients")
        forward, backward = signals_through(model.layers, family, x, start)
        return _rms(forward), _rms(backward)


def _rms(arrays: list[Array]) -> list[float]:
    return [float(np.sqrt(np.square(a).mean())) for a in arrays]
