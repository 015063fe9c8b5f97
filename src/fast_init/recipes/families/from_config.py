"""The ready recipe of a Hugging Face config.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...sampling.numbers import int_of
from ..recipe import Recipe
from .bert import bert
from .config_fields import Config, check_layers, flag, number, whole
from .gpt2 import gpt2
from .llama import llama
from .mixtral import mixtral
from .resnet import resnet
from .t5 import t5
from .vit import deit_transformers, vit

__all__ = ["recipe_for"]


def recipe_for(config: Config) -> Recipe:
    """Return the ready recipe of a model, given its Hugging Face config.json as a dict.

    Keys that are missing have the defaults of transformers 5.23's configuration classes, as they do there.

    Parameters
    ----------
    config
        With model_type and, as far as they matter: initializer_range, initializer_factor, n_layer, d_model, d_kv,
        num_heads, d_ff, layer_type, hidden_sizes, pad_token_id, tie_word_embeddings, vocab_size.

    Returns
    -------
    Recipe
        What the function of that name returns, such as `gpt2`; of Mistral and Qwen2, `llama`.

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
}
