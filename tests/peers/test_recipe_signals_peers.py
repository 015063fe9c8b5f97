"""The signals of a recipe beside those of transformers' own models, of which every tensor is that recipe's draw."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fast_init import normal
from fast_init.recipes import gemma, llama, mixtral
from fast_init.study import recipe_signals
from support.peers import peer

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]  # theirs

D, HEAD, LAYERS, VOCABULARY = 48, 16, 3, 100
FIELDS: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": D,
    "intermediate_size": 80,
    "moe_intermediate_size": 32,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": D // HEAD,
    "num_key_value_heads": 1,
    "head_dim": HEAD,
    "rms_norm_eps": 1e-6,
    "pad_token_id": None,
    "num_experts": 6,
    "num_local_experts": 6,
    "num_experts_per_tok": 3,
    "norm_topk_prob": True,
    "query_pre_attn_scalar": HEAD,
    "attn_logit_softcapping": None,
    "attn_implementation": "eager",
    "experts_implementation": "eager",
}
MODELS = {  # by model_type: the recipe, wide enough that attention and routers matter, and the family
    "llama": (llama(0.3), "Llama-like"),
    "qwen3": (llama(0.3), "Llama-like"),
    "mixtral": (mixtral(0.3), "Llama-like"),
    "qwen3_moe": (mixtral(0.3), "Llama-like"),
    "olmo2": (llama(0.3), "OLMo-2-like"),
    "gemma": (gemma(0.3, padding_row=None), "Gemma-like"),
    "gemma2": (gemma(0.3, padding_row=None), "Gemma-2-like"),
    "gemma3_text": (gemma(0.3, padding_row=None), "Gemma-2-like"),
}


def signals_of(model: Any, start: Any) -> tuple[list[float], list[float]]:
    """Return the RMS of the residual stream before and after the layers, and of the gradients there."""
    torch = peer("torch")
    stream: list[Any] = []

    def see(_: Any, given: Any, returned: Any) -> None:
        if not stream:
            stream.append(given[0])
        stream.append(returned[0] if isinstance(returned, tuple) else returned)

    for layer in model.layers:
        layer.register_forward_hook(see)
    tokens = (torch.arange(128) % VOCABULARY).reshape(4, 32)
    nowhere = torch.zeros_like(tokens)  # where rotary positions turn by no angle
    model(input_ids=tokens, position_ids=nowhere, attention_mask=torch.ones_like(tokens), use_cache=False)
    gradients = torch.autograd.grad(stream[-1], stream, torch.from_numpy(start))
    return [rms(x) for x in stream], [rms(g) for g in gradients]


def rms(x: Any) -> float:
    return float(x.detach().square().mean().sqrt())


@pytest.mark.parametrize("model_type", MODELS)
def test_signals_are_those_of_the_model_itself(model_type: str) -> None:
    torch, transformers = peer("torch"), peer("transformers")
    recipe, family = MODELS[model_type]
    config = transformers.AutoConfig.for_model(model_type, **FIELDS)
    model = transformers.AutoModel.from_config(config).eval()
    peer("fast_init.torch").init_(model, recipe=recipe, seed=7)
    model.to(torch.float64)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.named_parameters()}
    found = recipe_signals(recipe, shapes, seed=7, experts_per_token=3)
    assert found.family == family
    start = normal().fill_(np.empty((4, 32, D)), seed=7, name="gradients")
    forward, backward = signals_of(model, start)
    assert [s.forward for s in found.signals] == pytest.approx(forward, rel=1e-5), found.notes
    assert [s.backward for s in found.signals] == pytest.approx(backward, rel=1e-5)
