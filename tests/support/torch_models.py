"""Models of transformers, made small by shrinking the fields of their configurations, and their draws compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

SIZES = {  # first the words that a field's name has, then the most that it may be
    r"vocab_size|vocab": 128,
    r"num_hidden_layers|n_layers?|num_layers|decoder_layers|encoder_layers|layers$": 2,
    r"num_local_experts|n_routed_experts|num_experts$|moe_num_experts": 4,
    r"max_position_embeddings|n_positions|max_.*position|n_ctx": 64,
    r"image_size": 32,
    r"hidden_size|d_model|n_embd|embed_dim|d_ff|intermediate_size|ffn_dim|feed_forward|n_inner|dim_ff": 64,
}


def shrunk(config: Any) -> Any:
    """Return a configuration with sizes that a test can afford; it may be one that the class refuses."""
    for name, value in list(vars(config).items()):
        if hasattr(value, "to_dict"):
            shrunk(value)
        elif type(value) is int:
            for words, most in SIZES.items():
                if re.search(words, name) and value > most:
                    setattr(config, name, most)
                    break
    return config


def classes() -> Iterator[tuple[str, Any, Any]]:
    """Yield the name, the configuration's class and the class of every model that the walk is about."""
    from transformers.models.auto import modeling_auto

    for mapping in (modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING, modeling_auto.MODEL_MAPPING):
        for config, models in mapping.items():
            for model in models if isinstance(models, tuple) else (models,):
                yield model.__name__, config, model
