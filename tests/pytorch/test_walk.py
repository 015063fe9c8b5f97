"""Models of transformers: `record` and `materialize_` give each parameter the law of the class's own initialisation."""

from __future__ import annotations

from typing import Any

import pytest

from support.peers import peer
from support.torch_models import Unbuildable, classes, compare, small_config

pytestmark = pytest.mark.usefixtures("quiet_transformers")

FAMILIES = [
    "GPT2LMHeadModel",
    "LlamaForCausalLM",
    "MixtralForCausalLM",
    "Gemma2ForCausalLM",
    "DeepseekV3ForCausalLM",
    "BertModel",
    "DebertaV2Model",
    "T5Model",
    "BartModel",
    "WhisperModel",
    "CLIPModel",
    "ViTModel",
    "SwinModel",
    "ConvNextV2Model",
    "ResNetModel",
]
MAPPINGS = "MODEL_FOR_CAUSAL_LM_MAPPING", "MODEL_MAPPING"


@pytest.mark.parametrize("name", FAMILIES)
def test_family(name: str) -> None:
    model = getattr(peer("transformers"), name)
    config = small_config(model.config_class, model)
    assert compare(lambda: model._from_config(config)) == []


def outcome(config: Any, model: Any) -> str:
    """Return "works", or why a class does not, or "no model: " and why none was built."""
    try:
        small = small_config(config, model)
        differences = compare(lambda: model._from_config(small))
    except Unbuildable as reason:
        return f"no model: {reason}"
    except Exception as error:  # of the model's own code, or ours: either is to be seen in the table
        return f"{type(error).__name__}: {error}".splitlines()[-1]
    return f"{len(differences)} differ: {differences[0]}" if differences else "works"


@pytest.mark.slow
def test_every_class_that_a_small_configuration_builds() -> None:
    table = {name: outcome(config, model) for name, config, model in classes(MAPPINGS)}
    built = {name: text for name, text in table.items() if not text.startswith("no model")}
    works = sum(text == "works" for text in built.values())
    for name, text in table.items():
        if text != "works":
            print(f"{name}: {text}")
    print(f"{works} of {len(built)} classes work; of {len(table) - len(built)} no small model could be built")
    assert works >= 0.97 * len(built)
