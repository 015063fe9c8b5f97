"""Dummy weights in transformers' models: the loss, the experts' load, and the activations through 80 layers in bf16."""

from __future__ import annotations

from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

import pytest

from fast_init.checkpoints.safetensors_file import read_header
from fast_init.cli import main
from fast_init.recipes import dummy_for
from support.peers import peer

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]  # theirs

VOCABULARY, EXPERTS, CHOSEN = 4096, 8, 2
LARGEST = 448  # of float8_e4m3fn
DENSE = ["llama", "mistral", "phi3", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text"]
EXPERT = ["mixtral", "qwen2_moe", "qwen3_moe", "deepseek_v2", "deepseek_v3"]


def config_of(model_type: str, hidden: int, layers: int) -> Any:
    """Return a small config; fields that its model does not have are of no effect."""
    fields: dict[str, Any] = {
        "vocab_size": VOCABULARY,
        "hidden_size": hidden,
        "intermediate_size": 2 * hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": 4,
        "num_key_value_heads": 4 if model_type.startswith("deepseek") else 2,
        "pad_token_id": None,
        "bos_token_id": None,
        "eos_token_id": None,
        **dict.fromkeys(("num_experts", "num_local_experts", "n_routed_experts"), EXPERTS),
        "num_experts_per_tok": CHOSEN,
        "n_group": 2,
        "topk_group": 2,
        "first_k_dense_replace": 1,
        **dict.fromkeys(("moe_intermediate_size", "shared_expert_intermediate_size"), hidden // 2),
        "q_lora_rank": 48,
        "kv_lora_rank": 32,
        "qk_rope_head_dim": 16,
        "qk_nope_head_dim": 16,
        "v_head_dim": hidden // 4,
    }
    if not model_type.startswith(("deepseek", "phi3")):
        fields["head_dim"] = hidden // 4
    return peer("transformers").AutoConfig.for_model(model_type, **fields)


class Run:
    """A forward pass of random tokens: the loss, the RMS after each layer, the largest value, the experts' load."""

    def __init__(self, config: Any, tokens: int) -> None:
        torch = peer("torch")
        self.rms: list[float] = []
        self.largest: dict[str, float] = {}
        self.load: list[float] = []
        model = peer("transformers").AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16).eval()
        peer("fast_init.torch").init_(model, recipe=dummy_for(config.to_dict()), seed=42)
        for name, module in model.named_modules():
            module.register_forward_hook(self._hook(name))
        inputs = torch.randint(0, VOCABULARY, (tokens // 128, 128), generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            logits = model(inputs).logits.float()
        self.finite = bool(logits.isfinite().all())
        self.loss = float(torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), inputs[:, 1:].flatten()))

    def _hook(self, name: str) -> Any:
        def see(_: Any, inputs: Any, outputs: Any) -> None:
            torch = peer("torch")
            returned = outputs if isinstance(outputs, tuple) else (outputs,)
            floats = [x for x in (*inputs, *returned) if torch.is_tensor(x) and x.is_floating_point()]
            if floats:
                self.largest[name] = max(float(x.abs().max()) for x in floats)
            if name.rpartition(".")[0] == "model.layers":
                self.rms.append(float(returned[0].float().square().mean().sqrt()))
            if name.endswith(".mlp.gate"):
                chosen = [x for x in returned if torch.is_tensor(x) and not x.is_floating_point()]
                logits = returned[0].float()
                best = chosen[0] if chosen else logits.topk(CHOSEN, dim=-1).indices
                counts = torch.bincount(best.flatten(), minlength=EXPERTS).float()
                self.load.append(float(counts.max() / counts.mean()))

        return see


@pytest.mark.parametrize("model_type", [*DENSE, *EXPERT])
def test_the_loss_is_that_of_a_guess_and_the_experts_share_the_tokens(model_type: str) -> None:
    run = Run(config_of(model_type, hidden=256, layers=4), tokens=4096)
    assert run.finite
    assert abs(run.loss - log(VOCABULARY)) < 0.1
    assert bool(run.load) == (model_type in EXPERT)
    assert max(run.load, default=1) <= 1.2


# Gemma's tied embedding is small, 1/4; Gemma 2 has a norm after each branch, so that each adds 1 to the square.
@pytest.mark.parametrize(
    ("model_type", "least", "most"),
    [("llama", 1.0, 1.3), ("mixtral", 1.0, 1.3), ("gemma", 0.25, 1.0), ("gemma2", 1.0, 13.0)],
)
def test_activations_neither_vanish_nor_grow_in_80_layers(model_type: str, least: float, most: float) -> None:
    run = Run(config_of(model_type, hidden=64, layers=80), tokens=1024)
    assert run.finite
    assert len(run.rms) == 80
    assert least <= min(run.rms) <= max(run.rms) <= most
    assert max(b / a for a, b in pairwise(run.rms)) < 1.5
    assert max(run.largest.values()) < LARGEST / 4
    assert min(run.largest.values()) > 0.1
    assert abs(run.loss - log(VOCABULARY)) < 0.1


def test_transformers_reads_the_checkpoint_of_a_config(tmp_path: Path) -> None:
    config = config_of("llama", hidden=64, layers=2)
    config.architectures = ["LlamaForCausalLM"]
    config.save_pretrained(tmp_path)
    out = tmp_path / "out"
    command = ["checkpoint", str(tmp_path / "config.json"), "-o", str(out), "--recipe", "dummy(layers=2)"]
    assert main([*command, "--seed", "42", "--dtype", "bfloat16"]) == 0
    _, found = peer("transformers").AutoModelForCausalLM.from_pretrained(out, output_loading_info=True)
    assert not any(found.values())


@pytest.mark.parametrize("model_type", EXPERT)
def test_experts_have_the_names_that_transformers_publishes(tmp_path: Path, model_type: str) -> None:
    transformers = peer("transformers")
    config = config_of(model_type, hidden=64, layers=2)
    model = transformers.AutoModelForCausalLM.from_config(config)
    model.save_pretrained(tmp_path / "theirs")
    command = ["checkpoint", str(tmp_path / "theirs" / "config.json"), "-o", str(tmp_path / "ours"), "--seed", "42"]
    assert main([*command, "--recipe", "dummy", "--published-names"]) == 0
    theirs, ours = (shapes_in(tmp_path / name / "model.safetensors") for name in ("theirs", "ours"))
    assert ours == theirs
    loaded, found = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "ours", output_loading_info=True)
    assert not any(found.values())
    experts = "block_sparse_moe.experts.3.w2" if model_type == "mixtral" else "mlp.experts.3.down_proj"
    name = f"model.layers.1.{experts}.weight"
    expert = dummy_for(config.to_dict()).rule_for(name).scheme.new(ours[name], seed=42, name=name)
    assert (loaded.state_dict()["model.layers.1.mlp.experts.down_proj"][3].numpy() == expert).all()


def shapes_in(path: Path) -> dict[str, tuple[int, ...]]:
    """Return the shapes that the header of a file says."""
    return {entry.name: entry.shape for entry in read_header(path).entries}


@pytest.mark.parametrize("model_type", ["mixtral", "qwen3_moe", "deepseek_v3"])
def test_a_ready_recipe_has_rules_for_published_names(tmp_path: Path, model_type: str) -> None:
    config_of(model_type, hidden=64, layers=2).save_pretrained(tmp_path)
    command = ["checkpoint", str(tmp_path / "config.json"), "-o", str(tmp_path / "model"), "--published-names"]
    assert main(command) == 0
    _, found = peer("transformers").AutoModelForCausalLM.from_pretrained(tmp_path / "model", output_loading_info=True)
    assert not any(found.values())


def test_a_class_without_one_has_none_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config_of("qwen2_moe", hidden=64, layers=2).save_pretrained(tmp_path)
    assert main(["checkpoint", str(tmp_path / "config.json"), "-o", str(tmp_path / "model"), "--published-names"]) == 2
    said = capsys.readouterr().err
    assert "model.layers.0.mlp.experts.0.down_proj.weight: only the published checkpoint has this name" in said
    assert not (tmp_path / "model").exists()
