"""A recorded recipe, written as a checkpoint and loaded by transformers, is what `build` makes, bit by bit."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

import fast_init
from fast_init.torch import build, record
from support.peers import peer
from support.torch_draws import bits_of

MODELS = {
    "GPT2LMHeadModel": ("GPT2Config", {"n_layer": 2, "n_embd": 32, "n_head": 2, "vocab_size": 100}),
    "LlamaForCausalLM": (
        "LlamaConfig",
        {
            "num_hidden_layers": 2,
            "hidden_size": 32,
            "intermediate_size": 48,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "vocab_size": 100,
            "pad_token_id": 3,
        },
    ),
    "T5ForConditionalGeneration": (
        "T5Config",
        {"num_layers": 2, "d_model": 32, "d_kv": 8, "d_ff": 40, "num_heads": 4, "vocab_size": 100},
    ),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_written_and_loaded_equals_built(tmp_path: Path, name: str, dtype: torch.dtype) -> None:
    transformers = peer("transformers")
    model_class, (config_class, fields) = getattr(transformers, name), MODELS[name]
    config = getattr(transformers, config_class)(**fields)

    def factory() -> Any:
        return model_class._from_config(config)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        built = build(factory, seed=42, dtype=dtype)
        recipe = record(factory)
        tensors = {key: (tuple(value.shape), str(dtype).split(".")[1]) for key, value in built.named_parameters()}
        fast_init.write_checkpoint(tmp_path, tensors, recipe, seed=42)
        config.save_pretrained(tmp_path)
        loaded = model_class.from_pretrained(tmp_path, dtype=dtype)
    ours, theirs = built.state_dict(), loaded.state_dict()
    assert list(ours) == list(theirs)
    for key, tensor in ours.items():
        assert (bits_of(tensor) == bits_of(theirs[key])).all(), key


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_is_tied_on_meta_is_recorded_as_its_constructor_is(name: str) -> None:
    transformers = peer("transformers")
    model_class, (config_class, fields) = getattr(transformers, name), MODELS[name]

    def factory() -> Any:
        return model_class._from_config(getattr(transformers, config_class)(**fields, tie_word_embeddings=True))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.device("meta"):
            module = factory()
        assert record(module, unsupported="defer").rules == record(factory).rules
