"""Ready recipes: what a model's own code does at initialisation, tensor by tensor.

Each states one version of one library, named in its docstring, and knows that library's tensor names; a name that it
does not know is an error. A state dict holds buffers too: BatchNorm's running mean and variance have rules, buffers of
integers (position_ids, num_batches_tracked) cannot be filled and have none. So the mapping to pass is

    {name: tensor.numpy() for name, tensor in model.state_dict().items() if tensor.is_floating_point()}

Examples
--------
>>> from fast_init import recipes
>>> recipe = recipes.READY["gpt2"](layers=24)
>>> recipe == recipes.recipe_for({"model_type": "gpt2", "n_layer": 24})
True
>>> recipe.rule_for("transformer.h.3.mlp.c_fc.weight").scheme
normal(mean=0.0, std=0.02)
"""

from __future__ import annotations

from collections.abc import Callable

from ..recipe import Recipe
from .bert import bert
from .clip import clip
from .complete_p import complete_p, complete_p_multipliers
from .convnext import convnext
from .deepnorm import deepnorm, deepnorm_multipliers
from .deepseek_v3 import deepseek_v3
from .deit import deit
from .dit import dit
from .dummy import dummy, dummy_for
from .fixup_resnet import fixup_resnet
from .fourier_features import fourier_features
from .from_config import recipe_for
from .gemma import gemma
from .gpt2 import gpt2
from .gpt_neox import gpt_neox
from .hash_grid import hash_grid
from .llama import llama
from .llama_torchtitan import llama_torchtitan
from .lora import lora
from .mamba import mamba
from .megatron import megatron
from .mixtral import mixtral
from .mup import mup
from .olmo import olmo
from .recurrent import gru, lstm
from .resnet import resnet
from .rwkv7 import rwkv7
from .siren import siren
from .spectral import spectral
from .swin import swin
from .t5 import t5
from .t_fixup import t_fixup
from .u_mup import u_mup, u_mup_multipliers
from .unet_diffusion import unet_diffusion
from .vit import deit_transformers, vit
from .whisper import whisper

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

READY: dict[str, Callable[..., Recipe]] = {
    "bert": bert,
    "clip": clip,
    "complete_p": complete_p,
    "convnext": convnext,
    "deepnorm": deepnorm,
    "deepseek_v3": deepseek_v3,
    "deit": deit,
    "deit_transformers": deit_transformers,
    "dit": dit,
    "dummy": dummy,
    "fixup_resnet": fixup_resnet,
    "fourier_features": fourier_features,
    "gemma": gemma,
    "gpt2": gpt2,
    "gpt_neox": gpt_neox,
    "gru": gru,
    "hash_grid": hash_grid,
    "llama": llama,
    "llama_torchtitan": llama_torchtitan,
    "lora": lora,
    "lstm": lstm,
    "mamba": mamba,
    "megatron": megatron,
    "mixtral": mixtral,
    "mup": mup,
    "olmo": olmo,
    "resnet": resnet,
    "rwkv7": rwkv7,
    "siren": siren,
    "spectral": spectral,
    "swin": swin,
    "t5": t5,
    "t_fixup": t_fixup,
    "u_mup": u_mup,
    "unet_diffusion": unet_diffusion,
    "vit": vit,
    "whisper": whisper,
}
