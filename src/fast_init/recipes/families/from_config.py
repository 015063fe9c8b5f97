"""The ready recipe of a Hugging Face config.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...sampling.numbers import int_of
from ...sampling.shown import shown
from ..recipe import Recipe
from .bert import bert
from .clip import clip
from .config_fields import Config, check_layers, flag, number, whole
from .convnext import convnext
from .deepseek_v3 import deepseek_v3
from .gemma import gemma
from .gpt2 import gpt2
from .llama import llama
from .mamba import mamba
from .mixtral import mixtral
from .resnet import resnet
from .swin import swin
from .t5 import t5
from .vit import deit_transformers, vit

__all__ = ["recipe_for"]


def recipe_for(config: Config) -> Recipe:
    """Return the ready recipe of a model, given its Hugging Face config.json as a dict.

    Keys that are missing have the defaults of transformers 5.24's configuration classes, as they do there.

    Parameters
    ----------
    config
        With model_type and, as far as they matter: initializer_range, initializer_factor, n_layer, d_model, d_kv,
        num_heads, d_ff, layer_type, hidden_sizes, pad_token_id, tie_word_embeddings, vocab_size,
        layer_scale_init_value, text_config, vision_config, logit_scale_init_value, rescale_prenorm_residual,
        time_step_min, time_step_max, time_step_floor, time_step_scale.

    Returns
    -------
    Recipe
        What the function of that name returns, such as `gpt2`; of Mistral, Qwen2 and Qwen3, `llama`;
        of Qwen3-MoE, `mixtral`; of Mamba-2, `mamba`.

    Raises
    ------
    ValueError
        The model_type is unknown, a field is not what it must be, or one that counts layers is above 10,000.
    TypeError
        The config is no mapping.

    Examples
    --------
    >>> from fast_init.recipes import recipe_for
    >>> config = {"model_type": "llama", "initializer_range": 0.01, "pad_token_id": 0, "tie_word_embeddings": True}
    >>> recipe_for(config).rule_for("lm_head.weight")
    Rule(pattern='lm_head.weight', scheme=normal(mean=0.0, std=0.01), layout=None, padding_row=0, \
tied_to='model.embed_tokens.weight')
    """
    if not isinstance(config, Mapping):
        raise TypeError(f"config is a {type(config).__name__}; it must be a mapping: pass config.to_dict()")
    model_type = config.get("model_type")
    if model_type not in tuple(TYPES):
        known = ", ".join(sorted(TYPES))
        raise ValueError(f"model_type is {model_type!r}; recipe_for knows {known}: pass one of these, or make a Recipe")
    check_layers(config)
    return TYPES[model_type](config)


def _std(config: Config) -> float:
    """Return initializer_range; 0 and None mean 0.02, as in PreTrainedModel._init_weights."""
    return number(config, "initializer_range", 0.02) or 0.02


def _padding_row(config: Config, default: int | None, vocab_size: int) -> int | None:
    """Return pad_token_id, counted from the end where it is negative, as in torch.nn.Embedding."""
    size = whole(config, "vocab_size", vocab_size)
    given = config.get("pad_token_id", default)
    if given is None:
        return None
    row = int_of(given)
    if row is None or not -size <= row < size:
        raise ValueError(
            f"pad_token_id is {given!r}; it must be an int in [-{size}, {size}), or null: correct it there"
        )
    return row % size


def _tied(config: Config, default: bool) -> bool:
    return flag(config, "tie_word_embeddings", default)


def _decoder(make: Callable[..., Recipe], vocab_size: int) -> Callable[[Config], Recipe]:
    return lambda config: make(
        _std(config), padding_row=_padding_row(config, None, vocab_size), tied=_tied(config, False)
    )


def _gemma(vocab_size: int) -> Callable[[Config], Recipe]:
    return lambda config: gemma(_std(config), padding_row=_padding_row(config, 0, vocab_size), tied=_tied(config, True))


def _mamba(config: Config, tied: bool, layers: int) -> Recipe:
    scheme = config.get("time_step_init_scheme", "random")
    if scheme != "random":
        raise ValueError(f"time_step_init_scheme is {scheme!r}; recipe_for knows 'random': make a Recipe for others")
    return mamba(
        number(config, "initializer_range", 0.1) or 0.02,
        layers=whole(config, "num_hidden_layers", layers) if flag(config, "rescale_prenorm_residual", False) else None,
        dt_min=number(config, "time_step_min", 0.001),
        dt_max=number(config, "time_step_max", 0.1),
        dt_floor=number(config, "time_step_floor", 1e-4),
        dt_scale=number(config, "time_step_scale", 1.0),
        tied=_tied(config, tied),
    )


def _tower(config: Config, name: str) -> Config:
    tower = config.get(name)
    if tower is not None and not isinstance(tower, Mapping):
        raise ValueError(f"{name} is {shown(tower)}; it must be an object: correct it there")
    return tower or {}


def _clip(config: Config) -> Recipe:
    text, vision = _tower(config, "text_config"), _tower(config, "vision_config")
    factors = [number(record, "initializer_factor", 1.0) for record in (config, text, vision)]
    if len(set(factors)) > 1:
        raise ValueError(f"initializer_factor is {factors} of model and towers; recipe_for knows one: make them equal")
    return clip(
        whole(text, "hidden_size", 512),
        whole(text, "num_hidden_layers", 12),
        whole(vision, "hidden_size", 768),
        whole(vision, "num_hidden_layers", 12),
        std=number(vision, "initializer_range", 0.02),
        factor=factors[0],
        logit_scale=number(config, "logit_scale_init_value", 2.6592),
    )


def _resnet(config: Config) -> Recipe:
    sizes = config.get("hidden_sizes", (256, 512, 1024, 2048))
    if not isinstance(sizes, Sequence) or isinstance(sizes, str) or not sizes:
        raise ValueError(f"hidden_sizes is {sizes!r}; it must be a list of ints: correct it there")
    return resnet(config.get("layer_type", "bottleneck"), whole({"hidden_sizes": sizes[-1]}, "hidden_sizes", 0))


TYPES: dict[str, Callable[[Config], Recipe]] = {
    "bert": lambda config: bert(_std(config), padding_row=_padding_row(config, 0, 30522), tied=_tied(config, True)),
    "deit": lambda config: deit_transformers(_std(config)),
    "gpt2": lambda config: gpt2(
        whole(config, "n_layer" if "n_layer" in config else "num_hidden_layers", 12),
        _std(config),
        tied=_tied(config, True),
    ),
    "llama": _decoder(llama, 32000),
    "mistral": _decoder(llama, 32000),
    "mixtral": _decoder(mixtral, 32000),
    "qwen2": _decoder(llama, 151936),
    "resnet": _resnet,
    "t5": lambda config: t5(
        whole(config, "d_model", 512),
        whole(config, "d_kv", 64),
        whole(config, "num_heads", 8),
        whole(config, "d_ff", 2048),
        number(config, "initializer_factor", 1.0),
        tied=_tied(config, True),
    ),
    "vit": lambda config: vit(_std(config)),
    "clip": _clip,
    "convnext": lambda config: convnext(_std(config), number(config, "layer_scale_init_value", 1e-6)),
    "deepseek_v3": _decoder(deepseek_v3, 129280),
    "gemma": _gemma(256000),
    "gemma2": _gemma(256000),
    "gemma3_text": _gemma(262208),
    "mamba": lambda config: _mamba(config, True, 32),
    "mamba2": lambda config: _mamba(config, False, 64),
    "qwen3": _decoder(llama, 151936),
    "qwen3_moe": _decoder(mixtral, 151936),
    "swin": lambda config: swin(std=_std(config)),
}

OTHER_NAMES = {  # of the recipes of model types that are not called as their recipe is
    "deit": "deit_transformers",
    "gemma2": "gemma",
    "gemma3_text": "gemma",
    "mamba2": "mamba",
    **dict.fromkeys(("mistral", "qwen2", "qwen3"), "llama"),
    "qwen3_moe": "mixtral",
}
READY_OF = {model_type: OTHER_NAMES.get(model_type, model_type) for model_type in TYPES}  # names in READY
