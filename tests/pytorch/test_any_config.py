"""A checkpoint of any config.json: from_pretrained loads it whole, and it holds the bits of `fast_init.torch.build`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fast_init import Recipe
from support.config_checkpoints import command, loaded, outcome, save_config
from support.peers import peer
from support.torch_draws import bits_of
from support.torch_models import classes

pytestmark = pytest.mark.usefixtures("quiet_transformers")

RECORDED = [
    "BartForConditionalGeneration",
    "WhisperForConditionalGeneration",
    "DebertaV2Model",
    "LevitModel",
    "ConvNextV2Model",
]
READY = [
    "CLIPModel",
    "DeepseekV3ForCausalLM",
    "GPT2LMHeadModel",
    "GemmaForCausalLM",
    "ResNetForImageClassification",
    "SwinModel",
    "T5ForConditionalGeneration",
]
MAPPINGS = (
    "MODEL_FOR_CAUSAL_LM_MAPPING",
    "MODEL_MAPPING",
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING",
    "MODEL_FOR_IMAGE_CLASSIFICATION_MAPPING",
)


def written(name: str, folder: Path, *options: object) -> tuple[Any, Path, dict[str, Any]]:
    """Return the class, its checkpoint's directory, and what the command says that it did."""
    model = getattr(peer("transformers"), name)
    config = save_config(model.config_class, model, folder)
    code, printed = command("checkpoint", config, "-o", folder / "model", "--json", *options)
    assert code == 0, printed
    record: dict[str, Any] = json.loads(printed)
    return model, folder / "model", record


@pytest.mark.parametrize("name", [*RECORDED, *READY])
def test_a_checkpoint_of_a_class_loads_whole_with_the_bits_of_build(tmp_path: Path, name: str) -> None:
    from fast_init.torch import build

    model, folder, record = written(name, tmp_path, "--seed", 42, "--max-shard-size", "200KB")
    assert record["class"] == name
    assert record["recipe"].startswith("recorded from" if name in RECORDED else "the ready one of")
    assert not record["left_out"]
    module, wrong = loaded(model, folder)
    assert not wrong
    config = model.config_class.from_pretrained(folder)
    built = build(lambda: model._from_config(config), seed=42).state_dict()
    assert module.state_dict().keys() == built.keys()
    for key, tensor in module.state_dict().items():
        assert tensor.dtype == built[key].dtype, key
        if tensor.is_floating_point():
            assert (bits_of(tensor) == bits_of(built[key])).all(), key
        else:
            assert bool((tensor == built[key]).all()), key


def test_verify_accepts_its_checkpoint_and_refuses_another_seed_or_class(tmp_path: Path) -> None:
    _, gemma, _ = written("GemmaForCausalLM", tmp_path / "gemma", "--seed", 1)
    assert command("verify", gemma, "--all")[0] == 0
    assert command("verify", gemma, "--seed", 2)[0] == 1
    (tmp_path / "llama").mkdir()
    _, _, _ = written("LlamaForCausalLM", tmp_path / "llama")
    code, printed = command("recipe", tmp_path / "llama" / "config.json", "-o", tmp_path / "llama.toml")
    assert code == 0, printed
    code, printed = command("verify", gemma, "--recipe", tmp_path / "llama.toml")
    assert code == 1
    assert "norm.weight" in printed


@pytest.mark.parametrize("name", ["GemmaForCausalLM", "LevitModel", "T5ForConditionalGeneration"])
def test_the_printed_recipe_writes_the_same_bytes(tmp_path: Path, name: str) -> None:
    _, folder, _ = written(name, tmp_path, "--seed", 7)
    assert command("recipe", folder / "config.json", "-o", tmp_path / "recipe.toml")[0] == 0
    recipe = Recipe.load(tmp_path / "recipe.toml")
    assert Recipe.loads(recipe.to_json()) == Recipe.loads(recipe.to_toml()) == recipe
    words = "checkpoint", folder / "config.json", "-o", tmp_path / "again", "--seed", 7
    assert command(*words, "--recipe", tmp_path / "recipe.toml")[0] == 0
    files = [tensors_of(path / "model.safetensors") for path in (folder, tmp_path / "again")]
    assert files[0] == files[1]


def tensors_of(path: Path) -> dict[str, bytes]:
    """Return the bytes of each tensor of a file."""
    from safetensors.torch import load_file

    return {name: bits_of(tensor).tobytes() for name, tensor in load_file(path).items()}


@pytest.mark.parametrize(
    ("name", "buffer"),
    [
        ("ClapModel", "position_ids"),
        ("LevitModel", "num_batches_tracked"),
        ("ResNetForImageClassification", "num_batches_tracked"),
    ],
)
def test_whole_numbers_are_in_the_file_as_the_class_has_them(tmp_path: Path, name: str, buffer: str) -> None:
    import torch
    from safetensors.torch import load_file

    model, folder, record = written(name, tmp_path, "--dtype", "bfloat16")
    assert any(key.endswith(buffer) for key in record["whole_numbers"])
    assert command("verify", folder, "--all")[0] == 0
    module, wrong = loaded(model, folder)
    assert not wrong
    own = model(model.config_class.from_pretrained(folder)).state_dict()
    whole = {key: tensor for key, tensor in own.items() if not tensor.is_floating_point()}
    assert whole.keys() == set(record["whole_numbers"])
    for held in (load_file(folder / "model.safetensors"), module.state_dict()):
        assert {key: held[key].dtype for key in whole} == {key: tensor.dtype for key, tensor in whole.items()}
        assert all(torch.equal(held[key], tensor) for key, tensor in whole.items())
        assert {held[key].dtype for key in held if key not in whole} <= {torch.bfloat16, torch.float32}


def test_the_class_without_architectures_is_the_causal_language_model(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2", "n_layer": 1, "n_embd": 12, "n_head": 1}))
    code, printed = command("checkpoint", tmp_path / "config.json", "-o", tmp_path / "model")
    assert code == 0
    assert "class: GPT2LMHeadModel, by model_type\nrecipe: the ready one of gpt2\n" in printed


def test_a_picture_of_what_a_class_does(tmp_path: Path) -> None:
    _, folder, _ = written("LlamaForCausalLM", tmp_path)
    code, printed = command("recipe", folder / "config.json", "--picture", tmp_path / "step0.svg")
    assert code == 0, printed
    assert "RMS on 4 random sequences" in printed
    assert "</svg>" in (tmp_path / "step0.svg").read_text()


@pytest.mark.parametrize("name", ["GemmaForCausalLM", "Gemma2ForCausalLM", "Olmo2ForCausalLM", "Qwen3ForCausalLM"])
def test_a_picture_of_other_norms(tmp_path: Path, name: str) -> None:
    _, folder, _ = written(name, tmp_path)
    code, printed = command("recipe", folder / "config.json", "--picture", tmp_path / "step0.svg")
    assert code == 0, printed
    assert "RMS on 4 random sequences" in printed


@pytest.mark.parametrize(("fields", "chosen"), [({"num_experts_per_tok": 3}, 3), ({}, 2)])
def test_a_picture_of_experts_takes_their_number_from_the_config(
    tmp_path: Path, fields: dict[str, int], chosen: int
) -> None:
    sizes = {"hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4, "num_key_value_heads": 2}
    record = {"model_type": "mixtral", "num_hidden_layers": 2, "vocab_size": 100, "num_local_experts": 4, **sizes}
    (tmp_path / "config.json").write_text(json.dumps({**record, **fields}))
    code, printed = command("recipe", tmp_path / "config.json", "--picture", tmp_path / "step0.svg")
    assert code == 0, printed
    assert f"{chosen} of 4 experts a token" in printed


@pytest.mark.slow
def test_99_of_100_classes_have_a_checkpoint_that_loads(tmp_path: Path) -> None:
    table = {}
    for name, config, model in classes(MAPPINGS):
        (tmp_path / name).mkdir()
        table[name] = outcome(config, model, tmp_path / name)
    built = {name: text for name, text in table.items() if not text.startswith("no model")}
    works = sum(text == "works" for text in built.values())
    for name, text in table.items():
        if text != "works":
            print(f"{name}: {text}")
    print(f"{works} of {len(built)} classes work; of {len(table) - len(built)} no small model could be built")
    assert works >= 0.99 * len(built)
