"""What ready recipes refuse: arguments, and names of tensors that no rule is for."""

from __future__ import annotations

import re
from math import inf
from typing import Any

import pytest

from fast_init import recipes

TIME = "shapes['time_embed.0.weight']"
WITHOUT_DEFAULTS = {"complete_p", "dummy", "gru", "lstm", "mup", "spectral", "t5", "unet_diffusion"}


@pytest.mark.parametrize("name", sorted(recipes.READY.keys() - WITHOUT_DEFAULTS))
@pytest.mark.parametrize(
    "unknown",
    [
        "weight",
        "lm_head.scale",
        "h.0.attn.rotary.weight",
        "layers.0.self_attn.rotary_emb.inv_freq",
        "bn1.num_batches_tracked",
    ],
)
def test_unknown_names_are_errors(name: str, unknown: str) -> None:
    with pytest.raises(ValueError, match=f"no rule matches {unknown}; every tensor needs one"):
        recipes.READY[name]().rules_for([unknown])


ERRORS: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("gpt2", {"layers": 0}, ValueError, "layers is 0; it must be at least 1"),
    ("gpt2", {"layers": 2.0}, TypeError, "layers is 2.0; it must be an int"),
    ("llama", {"std": -1}, ValueError, "std is -1.0; it must not be negative"),
    ("llama", {"padding_row": 1.5}, TypeError, "padding_row is 1.5; it must be an int or None"),
    ("t5", {"d_model": 0, "d_kv": 1, "num_heads": 1, "d_ff": 1}, ValueError, "d_model is 0; it must be at least 1"),
    (
        "t5",
        {"d_model": 1, "d_kv": 1, "num_heads": 1, "d_ff": 1, "factor": inf},
        ValueError,
        "factor is inf; it must be",
    ),
    ("deit", {"patch_size": 0}, ValueError, "patch_size is 0; it must be at least 1"),
    (
        "resnet",
        {"block": "wide"},
        ValueError,
        "block is 'wide'; it must be one of basic, bottleneck: pass one of these",
    ),
    (
        "rwkv7",
        {"layers": 1},
        ValueError,
        "layers, width and head_size are 1, 768 and 64; RWKV-7 has 2 to 10,000",
    ),
    ("rwkv7", {"width": 100}, ValueError, "layers, width and head_size are 12, 100 and 64; RWKV-7 has"),
    ("siren", {"omega": 0}, ValueError, "omega is 0; it must be positive: pass 30"),
    ("gru", {"hidden_size": 1, "layers": 10**9}, ValueError, "layers is 1000000000; a model has at most 10,000"),
    ("lstm", {"hidden_size": 0}, ValueError, "hidden_size is 0; it must be at least 1"),
    ("lstm", {"hidden_size": 10**400}, ValueError, "hidden_size is an int of 1,329 bits; it must be below 2**63, as "),
    ("lstm", {"hidden_size": 1, "max_time": 1.5}, ValueError, "max_time is 1.5; it must be at least 2 time steps"),
    ("lstm", {"hidden_size": 1, "max_time": inf}, ValueError, "max_time is inf; it must be a finite number"),
    ("gru", {"hidden_size": 1, "max_time": "9"}, TypeError, "max_time is '9'; it must be a number"),
    ("gru", {"hidden_size": 1, "update_bias": 2, "max_time": 9}, ValueError, "update_bias is 2 and max_time is 9; "),
    ("mamba", {"dt_min": 0}, ValueError, "a is 0.0 and b is 0.1; inv_softplus_log_uniform needs 0 < a <= b"),
    ("clip", {"vision_layers": 0}, ValueError, "vision_layers is 0; it must be at least 1"),
    ("resnet", {"features": -1}, ValueError, "features is -1; it must be at least 1"),
    ("mixtral", {"expert_scale": -0.1}, ValueError, "expert_scale is -0.1; it must not be negative"),
    ("fixup_resnet", {"blocks": 0}, ValueError, "blocks is 0; it must be at least 1"),
    ("fixup_resnet", {"blocks": 2.0}, TypeError, "blocks is 2.0; it must be an int"),
    ("fixup_resnet", {"block": "wide"}, ValueError, "block is 'wide'; it must be one of basic, bottleneck: pass one"),
    ("fixup_resnet", {"blocks": 10**400}, ValueError, "blocks is an int of 1,329 bits; it must be below 2**63, as len"),
    ("unet_diffusion", {"shapes": {3: (4, 4)}}, TypeError, "a tensor is named 3; it must be a str: pass its name"),
    (
        "unet_diffusion",
        {"shapes": {"out.2.weight": (4, 4), "time_embed.0.weight": 4}},
        TypeError,
        TIME + " is 4; it must",
    ),
    (
        "unet_diffusion",
        {"shapes": {"time_embed.0.weight": (4, -1)}},
        ValueError,
        TIME + " is (4, -1); its numbers must",
    ),
    ("unet_diffusion", {"shapes": {"time_embed.0.weight": (4, 10**400)}}, ValueError, f"fan_in of {TIME} is an int of"),
    ("unet_diffusion", {"shapes": [1]}, TypeError, "shapes is [1]; it must be a mapping: pass {name: shape}"),
    ("unet_diffusion", {"shapes": {"conv_in.weight": (4, 3, 3, 3)}}, ValueError, "no rule matches conv_in.weight"),
    ("unet_diffusion", {"shapes": {"out.0.scale": (4,)}}, ValueError, "no rule matches out.0.scale"),
    ("unet_diffusion", {"shapes": {"time_embed.0.bias": (4,)}}, ValueError, "no rule matches time_embed.0.bias"),
    ("unet_diffusion", {"shapes": {"time_embed.0.weight": (4,)}}, ValueError, "shape (4,) has 1 axes; layout 'oi...'"),
]


@pytest.mark.parametrize(("name", "options", "error", "text"), ERRORS)
def test_errors(name: str, options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(text)}"):
        recipes.READY[name](**options)
