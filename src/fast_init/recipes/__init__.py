"""Recipes: which tensor of a model gets which scheme, by its name. The ready ones are in `families`, and named here.

Examples
--------
>>> from fast_init import recipes
>>> recipes.gpt2(layers=24) == recipes.recipe_for({"model_type": "gpt2", "n_layer": 24})
True
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for type checkers and editors; at run time a family is imported when it is asked for
    from .families import (
        READY,
        bert,
        clip,
        complete_p,
        complete_p_multipliers,
        convnext,
        deepnorm,
        deepnorm_multipliers,
        deepseek_v3,
        deit,
        deit_transformers,
        dit,
        dummy,
        dummy_for,
        fixup_resnet,
        fourier_features,
        gemma,
        gpt2,
        gpt_neox,
        gru,
        hash_grid,
        llama,
        llama_torchtitan,
        lora,
        lstm,
        mamba,
        megatron,
        mixtral,
        mup,
        olmo,
        recipe_for,
        resnet,
        rwkv7,
        siren,
        spectral,
        swin,
        t5,
        t_fixup,
        u_mup,
        u_mup_multipliers,
        unet_diffusion,
        vit,
        whisper,
    )

__all__ = [
    "READY",
    "bert",
    "clip",
    "complete_p",
    "complete_p_multipliers",
    "convnext",
    "deepnorm",
    "deepnorm_multipliers",
    "deepseek_v3",
    "deit",
    "deit_transformers",
    "dit",
    "dummy",
    "dummy_for",
    "fixup_resnet",
    "fourier_features",
    "gemma",
    "gpt2",
    "gpt_neox",
    "gru",
    "hash_grid",
    "llama",
    "llama_torchtitan",
    "lora",
    "lstm",
    "mamba",
    "megatron",
    "mixtral",
    "mup",
    "olmo",
    "recipe_for",
    "resnet",
    "rwkv7",
    "siren",
    "spectral",
    "swin",
    "t5",
    "t_fixup",
    "u_mup",
    "u_mup_multipliers",
    "unet_diffusion",
    "vit",
    "whisper",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import families

    return getattr(families, name)


def __dir__() -> list[str]:
    return __all__
