"""Models of transformers made small, and their own initialisation compared with what is recorded of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import torch
from scipy import stats

from fast_init.schemes.distributions import Constant
from fast_init.torch import build
from fast_init.torch.recordings import recording_of
from support.distributions import P_VALUE

__all__ = ["Unbuildable", "classes", "compare", "small_config"]

ELEMENTS = 30_000_000  # the most of a model that is built
ENOUGH = 1000  # elements for a test of the distribution

LENGTHS = {  # fields of configurations by words in their names, and the most that they may be
    r"vocab_size|num_buckets": 128,
    r"num_hidden_layers|num_.*layers|^n_layers?$|(de|en)coder_layers$|num_blocks": 2,
    r"num_local_experts|num_experts$|n_routed_experts|moe_num_experts": 4,
    r"max_.*position|n_positions|n_ctx|max_seq_len": 64,
}
WIDTHS = {
    r"image_size": 32,
    r"hidden_size|hidden_dim|d_model|n_embd|embed_dim|d_ff|intermediate_size|ffn_dim|n_inner|dim_ff|projection_dim": 64,
    r"num_(attention|key_value)_heads|n_head|attention_heads": 4,
    r"^head_dim|d_kv": 16,
}


class Unbuildable(Exception):  # noqa: N818
    """No configuration of a class builds a model that is small enough; says why."""


def classes(mappings: tuple[str, ...]) -> Iterator[tuple[str, Any, Any]]:
    """Yield the name, the configuration's class and the class of each model in these mappings, once."""
    from transformers.models.auto import modeling_auto

    seen = set()
    for name in mappings:
        mapping = getattr(modeling_auto, name)
        for key, module in mapping._config_mapping.items():
            if key not in mapping._model_mapping:
                continue
            try:
                config = mapping._load_attr_from_module(key, module)
                models = mapping[config]
            except (ImportError, ValueError):  # of another library, or of none
                continue
            for model in models if isinstance(models, tuple) else (models,):
                if model not in seen:
                    seen.add(model)
                    yield model.__name__, config, model


def shrunk(config: Any, sizes: dict[str, int]) -> Any:
    """Return a configuration with no such field larger than that."""
    for name, value in list(vars(config).items()):
        if hasattr(value, "to_dict"):
            shrunk(value, sizes)
        elif type(value) is int:
            most = next((most for words, most in sizes.items() if re.search(words, name)), value)
            if name.endswith("_token_id"):
                most = 1
            if value > most:
                setattr(config, name, most)
    return config


def small_config(config: Any, model: Any) -> Any:
    """Return the first configuration that builds a small model: all sizes cut, or lengths only, or none."""
    reasons = []
    for sizes in ({**LENGTHS, **WIDTHS}, LENGTHS, {}):
        try:
            candidate = shrunk(config(), sizes)
            with torch.device("meta"):
                elements = sum(p.numel() for p in model._from_config(candidate).parameters())
            if elements <= ELEMENTS:
                return candidate
            reasons.append(f"{elements:,} parameters")
        except Exception as error:  # a constructor may raise whatever it likes
            reasons.append(f"{type(error).__name__}: {error}".strip().splitlines()[0])
    raise Unbuildable(", ".join(dict.fromkeys(reasons)))


def compare(factory: Callable[[], Any]) -> list[str]:
    """Return the names of what a model of `build` has otherwise than one of the factory, with the difference."""
    torch.manual_seed(0)
    theirs, ours = factory(), build(factory, seed=0)
    recording = recording_of(ours)
    assert recording is not None
    drawn = {rule.pattern for rule in recording.rules if not isinstance(rule.scheme, Constant)}
    found = []
    for kind in ("named_parameters", "named_buffers"):
        a, b = (dict(getattr(m, kind)(remove_duplicate=False)) for m in (theirs, ours))
        if a.keys() != b.keys():
            found.append(f"names: {sorted(a.keys() ^ b.keys())}")
        both = a.keys() & b.keys()
        found += [f"{name}: {why}" for name in both if (why := difference(a[name], b[name], name in drawn))]
    return found


def difference(theirs: Any, ours: Any, drawn: bool) -> str:
    """Return what tells two draws of a tensor apart, "" if nothing does; of one element it is whether ours is drawn."""
    theirs, ours = theirs.detach(), ours.detach()
    if (theirs.shape, theirs.dtype, theirs.requires_grad) != (ours.shape, ours.dtype, ours.requires_grad):
        return f"{tuple(theirs.shape)} {theirs.dtype} and {tuple(ours.shape)} {ours.dtype}"
    if torch.equal(theirs.nan_to_num(), ours.nan_to_num()) or not theirs.numel():
        return ""
    if not theirs.is_floating_point():
        return "values differ"
    a, b = (x.double().flatten() for x in (theirs, ours))
    if a.numel() == 1 and drawn:
        return ""
    if bool((a == a[0]).all()) or bool((b == b[0]).all()):
        return f"{float(a.mean())} and {float(b.mean())}, of which one is constant"
    if a.numel() >= ENOUGH and (p := stats.ks_2samp(a.numpy(), b.numpy()).pvalue) < P_VALUE:
        return f"distributions differ with p = {p:.1e}"
    return ""
