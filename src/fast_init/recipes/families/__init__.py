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
from .convnext import convnext
from .deepseek_v3 import deepseek_v3
from .deit import deit
from .dit import dit
from .dummy import dummy, dummy_for
from .fourier_features import fourier_features
from .from_config import recipe_for
from .gemma import gemma
from .gpt2 import gpt2
from .hash_grid import hash_grid
from .llama import llama
from .mamba import mamba
from .mixtral import mixtral
from .mup import mup
from .recurrent import gru, lstm
from .resnet import resnet
from .rwkv7 import rwkv7
from .siren import siren
from .swin import swin
from .t5 import t5
from .vit import deit_transformers, vit
from .whisper import whisper

__all__ = [
    "READY",
    "bert",
    "clip",
    "convnext",
    "deepseek_v3",
    "deit",
    "deit_transformers",
    "dit",
    "dummy",
    "dummy_for",
    "fourier_features",
    "gemma",
    "gpt2",
    "gru",
    "hash_grid",
    "llama",
    "lstm",
    "mamba",
    "mixtral",
    "mup",
    "recipe_for",
    "resnet",
    "rwkv7",
    "siren",
    "swin",
    "t5",
    "vit",
    "whisper",
]

READY: dict[str, Callable[..., Recipe]] = {
    "bert": bert,
    "deit": deit,
    "deit_transformers": deit_transformers,
    "dummy": dummy,
    "gpt2": gpt2,
    "llama": llama,
    "mixtral": mixtral,
    "mup": mup,
    "resnet": resnet,
    "t5": t5,
    "vit": vit,
    "clip": clip,
    "convnext": convnext,
    "deepseek_v3": deepseek_v3,
    "gemma": gemma,
    "mamba": mamba,
    "swin": swin,
    "siren": siren,
    "lstm": lstm,
    "gru": gru,
    "hash_grid": hash_grid,
    "fourier_features": fourier_features,
    "dit": dit,
    "whisper": whisper,
    "rwkv7": rwkv7,
}
