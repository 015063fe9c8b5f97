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
from .complete_p import complete_p, complete_p_multipliers
from .deepnorm import deepnorm, deepnorm_multipliers
from .deit import deit
from .from_config import recipe_for
from .gpt2 import gpt2
from .gpt_neox import gpt_neox
from .llama import llama
from .llama_torchtitan import llama_torchtitan
from .lora import lora
from .megatron import megatron
from .mixtral import mixtral
from .mup import mup
from .olmo import olmo
from .resnet import resnet
from .spectral import spectral
from .t5 import t5
from .t_fixup import t_fixup
from .u_mup import u_mup, u_mup_multipliers
from .vit import deit_transformers, vit

__all__ = [
    "READY",
    "bert",
    "complete_p",
    "complete_p_multipliers",
    "deepnorm",
    "deepnorm_multipliers",
    "deit",
    "deit_transformers",
    "gpt2",
    "gpt_neox",
    "llama",
    "llama_torchtitan",
    "lora",
    "megatron",
    "mixtral",
    "mup",
    "olmo",
    "recipe_for",
    "resnet",
    "spectral",
    "t5",
    "t_fixup",
    "u_mup",
    "u_mup_multipliers",
    "vit",
]

READY: dict[str, Callable[..., Recipe]] = {
    "bert": bert,
    "deit": deit,
    "deit_transformers": deit_transformers,
    "gpt2": gpt2,
    "llama": llama,
    "mixtral": mixtral,
    "mup": mup,
    "resnet": resnet,
    "t5": t5,
    "vit": vit,
    # By depth and width.
    "gpt_neox": gpt_neox,
    "llama_torchtitan": llama_torchtitan,
    "lora": lora,
    "megatron": megatron,
    "olmo": olmo,
    "complete_p": complete_p,
    "deepnorm": deepnorm,
    "u_mup": u_mup,
    "spectral": spectral,
    "t_fixup": t_fixup,
}
