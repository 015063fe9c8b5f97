"""Ready recipes of papers whose code is no package: against that code's initialisation, stated again in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init import recipes
from fast_init.recipes.parts import ranges_of
from support.draws import Array
from support.peers import assert_same_sample, peer

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs

ENOUGH = 20_000  # elements of a tensor in all draws


def tensors(module: Any) -> dict[str, Array]:
    state = module if isinstance(module, dict) else module.state_dict()
    return {name: tensor.numpy() for name, tensor in state.items()}


def siren() -> Any:
    """vsitzmann/siren, explore_siren.ipynb: three layers of sines and a linear one."""
    torch = peer("torch")
    net = [torch.nn.ModuleDict({"linear": torch.nn.Linear(n, 16)}) for n in (2, 16, 16)]
    net.append(torch.nn.Linear(16, 3))
    with torch.no_grad():
        net[0]["linear"].weight.uniform_(-1 / 2, 1 / 2)
        for layer in (net[1]["linear"], net[2]["linear"], net[3]):
            layer.weight.uniform_(-np.sqrt(6 / 16) / 30, np.sqrt(6 / 16) / 30)
    return torch.nn.ModuleDict({"net": torch.nn.Sequential(*net)})


def recurrent(kind: str, gate: int, **options: Any) -> Any:
    """torch's module, a gate of which has the bias 1."""
    torch = peer("torch")
    module = getattr(torch.nn, kind)(3, 5, num_layers=2, bidirectional=True, **options)
    rows = slice(5 * gate, 5 * gate + 5)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.startswith("bias"):
                parameter[rows] = 1 if name.startswith("bias_ih") else 0
    return torch.nn.ModuleDict({"rnn": module})


def dit() -> Any:
    """facebookresearch/DiT, models.py, DiT.initialize_weights, without pos_embed."""
    torch = peer("torch")
    nn, width = torch.nn, 12

    def modulation(outputs: int) -> Any:
        return nn.Sequential(nn.SiLU(), nn.Linear(width, outputs * width))

    def block() -> Any:
        attention = nn.ModuleDict({"qkv": nn.Linear(width, 3 * width), "proj": nn.Linear(width, width)})
        mlp = nn.ModuleDict({"fc1": nn.Linear(width, 4 * width), "fc2": nn.Linear(4 * width, width)})
        return nn.ModuleDict({"attn": attention, "mlp": mlp, "adaLN_modulation": modulation(6)})

    steps = nn.Sequential(nn.Linear(20, width), nn.SiLU(), nn.Linear(width, width))
    model = nn.ModuleDict(
        {
            "x_embedder": nn.ModuleDict({"proj": nn.Conv2d(4, width, 2, 2)}),
            "t_embedder": nn.ModuleDict({"mlp": steps}),
            "y_embedder": nn.ModuleDict({"embedding_table": nn.Embedding(11, width)}),
            "blocks": nn.ModuleList([block(), block()]),
            "final_layer": nn.ModuleDict({"linear": nn.Linear(width, 32), "adaLN_modulation": modulation(2)}),
        }
    )
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    patches = model["x_embedder"]["proj"]
    nn.init.xavier_uniform_(patches.weight.data.view(width, -1))
    nn.init.zeros_(patches.bias)
    nn.init.normal_(model["y_embedder"]["embedding_table"].weight, std=0.02)
    for k in (0, 2):
        nn.init.normal_(model["t_embedder"]["mlp"][k].weight, std=0.02)
    final = model["final_layer"]
    for layer in (*(b["adaLN_modulation"][1] for b in model["blocks"]), final["adaLN_modulation"][1], final["linear"]):
        nn.init.zeros_(layer.weight)
        nn.init.zeros_(layer.bias)
    return model


def hash_grid() -> Any:
    """The paper's section 4, under torch-ngp's names."""
    torch = peer("torch")
    nets = {name: torch.nn.ModuleList([torch.nn.Linear(8, 6, bias=False)]) for name in ("sigma_net", "color_net")}
    for net in nets.values():
        torch.nn.init.xavier_uniform_(net[0].weight)
    encoder = torch.nn.Module()
    encoder.embeddings = torch.nn.Parameter(torch.empty(200, 2).uniform_(-1e-4, 1e-4))
    return torch.nn.ModuleDict({"encoder": encoder, **nets})


def fourier_features() -> Any:
    """The authors' Demo.ipynb: B of scale 10, and stax.Dense's defaults, glorot_normal and normal(1e-2)."""
    torch = peer("torch")
    layers = torch.nn.ModuleList([torch.nn.Linear(12, 8), torch.nn.Linear(8, 3)])
    for layer in layers:
        torch.nn.init.normal_(layer.weight, std=sqrt(2 / (layer.in_features + layer.out_features)))
        torch.nn.init.normal_(layer.bias, std=1e-2)
    model = torch.nn.ModuleDict({"layers": layers})
    model.register_buffer("B", torch.randn(6, 2) * 10)
    return model


def rwkv7() -> Any:
    """BlinkDL/RWKV-LM, RWKV-v7/train_temp/src/model.py, of three layers, 64 channels and 256 words."""
    torch = peer("torch")
    nn, count, width, head = torch.nn, 3, 64, 32
    n = torch.arange(width, dtype=torch.float64)
    line = n / (width - 1) - 0.5
    zigzag = ((n % head) - (head - 1) / 2) / ((head - 1) / 2)
    zigzag = zigzag * zigzag.abs()

    def orthogonal(rows: int, columns: int, gain: float = 1) -> Any:
        return nn.init.orthogonal_(torch.empty(rows, columns), gain=gain)

    state = {
        "emb.weight": torch.empty(256, width).uniform_(-1e-4, 1e-4),
        "head.weight": orthogonal(256, width, 0.5 * sqrt(256 / width)),
    }
    norms = ["blocks.0.ln0", "ln_out", *(f"blocks.{k}.ln{j}" for k in range(count) for j in (1, 2))]
    for norm in norms:
        state |= {f"{norm}.weight": torch.ones(width), f"{norm}.bias": torch.zeros(width)}
    for k in range(count):
        down, up, att, ffn = k / (count - 1), 1 - k / count, f"blocks.{k}.att.", f"blocks.{k}.ffn."
        for x, power in {"r": 0.2, "w": 0.9, "k": 0.7, "v": 0.7, "a": 0.9, "g": 0.2}.items():
            state[f"{att}x_{x}"] = (1 - (n / width) ** (power * up)).view(1, 1, -1)
        state[f"{ffn}x_k"] = (1 - (n / width) ** up**4).view(1, 1, -1)
        decay = -6 + 6 * (n / (width - 1)) ** (1 + down**0.3)
        state[f"{att}w0"] = (decay + 0.5 + zigzag * 2.5).view(1, 1, -1)
        state[f"{att}a0"] = (-0.19 + zigzag * 0.3 + line * 0.4).view(1, 1, -1)
        state[f"{att}v0"] = (0.73 - line * 0.4).view(1, 1, -1)
        state[f"{att}k_k"] = (0.71 - line * 0.1).view(1, 1, -1)
        state[f"{att}k_a"] = torch.full((1, 1, width), 1.02)
        state[f"{att}r_k"] = torch.full((width // head, head), -0.04)
        for x in "wavg":
            state |= {f"{att}{x}1": torch.zeros(width, 32), f"{att}{x}2": orthogonal(32, width, 0.1)}
        state |= {f"{att}{x}.weight": orthogonal(width, width) for x in ("receptance", "value")}
        state |= {f"{att}key.weight": orthogonal(width, width, 0.1), f"{att}output.weight": torch.zeros(width, width)}
        state[f"{att}ln_x.weight"] = torch.full((width,), ((1 + k) / count) ** 0.7)
        state[f"{att}ln_x.bias"] = torch.zeros(width)
        state |= {f"{ffn}key.weight": orthogonal(4 * width, width), f"{ffn}value.weight": torch.zeros(width, 4 * width)}
    return {name: tensor.float() for name, tensor in state.items()}


CASES: dict[str, tuple[Callable[[], Any], fi.Recipe]] = {
    "dit": (dit, recipes.dit()),
    "fourier_features": (fourier_features, recipes.fourier_features()),
    "gru": (lambda: recurrent("GRU", 1), recipes.gru(5, layers=2)),
    "hash_grid": (hash_grid, recipes.hash_grid()),
    "lstm": (lambda: recurrent("LSTM", 1), recipes.lstm(5, layers=2)),
    "lstm, projected": (lambda: recurrent("LSTM", 1, proj_size=2), recipes.lstm(5, layers=2)),
    "rwkv7": (rwkv7, recipes.rwkv7(3, 64, 256, 32)),
    "siren": (siren, recipes.siren(2, 16)),
}


@pytest.mark.parametrize("case", CASES)
def test_every_tensor_has_the_law_of_the_code(case: str) -> None:
    make, recipe = CASES[case]
    peer("torch").manual_seed(7)
    first = tensors(make())
    draws = -(-ENOUGH // min(array.size for name, array in first.items() if recipe.rule_for(name).scheme.is_random))
    theirs = [first, *(tensors(make()) for _ in range(min(draws, 300)))]
    ours: list[dict[str, Array]] = [{name: np.empty_like(array) for name, array in first.items()} for _ in theirs]
    for seed, arrays in enumerate(ours):
        recipe.init_(arrays, seed=seed, on_empty="error")
    for name, rule in recipe.rules_for(first).items():
        parts = rule.checked_parts
        ranges = ranges_of(parts, first[name].shape) if parts else [(0, len(first[name]))]
        for scheme, (start, stop) in zip(rule.schemes, ranges, strict=True):
            a, b = (np.stack([draw[name][start:stop] for draw in draws]) for draws in (theirs, ours))
            if scheme.is_random:
                assert_same_sample(a.ravel(), b.ravel())
            else:
                assert np.allclose(a, b, rtol=1e-6, atol=1e-6), name


def test_layers_and_directions_of_an_lstm_differ() -> None:
    model = tensors(recurrent("LSTM", 1))
    recipes.lstm(5, layers=2).init_(model, seed=42)
    biases = [array[:5] for name, array in model.items() if "bias" in name]
    assert len(biases) == 8
    assert len(np.unique(biases)) == 40


def test_sirens_pre_activations_are_standard_normal() -> None:
    """The theorem of the paper's supplement 1.3: 30 (W x + b) of sines has a variance of 1, to a few percent."""
    rng, width = np.random.default_rng(7), 1000
    x = np.sin(rng.uniform(-pi, pi, (500, width)))
    w = recipes.siren(2, width).rule_for("net.1.linear.weight").scheme.new((width, width), "float64", seed=42)
    assert np.std(30 * x @ w.T) == pytest.approx(1, rel=0.02)
