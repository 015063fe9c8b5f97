"""Who can load a checkpoint: it opens unchanged in other libraries, with the bits that NumPy arrays get.

Orbax reads it into sharded arrays in tests/jaxes/jax_orbax.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fast_init import recipes, write_checkpoint
from fast_init.checkpoints.spec import read_spec
from support.checkpoint_files import TENSORS, in_memory, write
from support.draws import Array
from support.peers import peer

pytestmark = pytest.mark.filterwarnings("ignore")  # theirs


def words(array: Array) -> Array:
    """Return the bits of an array as integers."""
    return array.view(f"u{array.itemsize}")


def assert_same_bits(found: dict[str, Array], expected: dict[str, Array]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].shape == array.shape, name
        assert np.array_equal(found[name], words(array)), name


@pytest.mark.parametrize("module", ["numpy", "torch", "flax"])
def test_safetensors(module: str, tmp_path: Path) -> None:
    """Its flax module makes arrays of JAX."""
    peer({"flax": "jax"}.get(module, module))
    library = peer(f"safetensors.{module}")
    write(tmp_path)
    found: dict[str, Any] = {}
    for path in tmp_path.glob("*.safetensors"):
        found |= library.load_file(path)
    if module == "torch":
        bits_of = peer("support.torch_draws").bits_of
        assert_same_bits({name: bits_of(tensor) for name, tensor in found.items()}, in_memory(5))
    else:
        arrays = {name: np.asarray(array) for name, array in found.items()}
        assert {name: array.dtype.name for name, array in arrays.items()} == {n: d for n, (_, d) in TENSORS.items()}
        assert_same_bits({name: words(array) for name, array in arrays.items()}, in_memory(5))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_transformers(dtype: str, tmp_path: Path) -> None:
    torch, transformers = peer("torch"), peer("transformers")
    bits_of = peer("support.torch_draws").bits_of
    config = transformers.GPT2Config(n_layer=2, n_embd=32, n_head=4, vocab_size=300, n_positions=64, dtype=dtype)
    config.save_pretrained(tmp_path)
    tensors, recipe = read_spec(tmp_path / "config.json").tensors, recipes.gpt2(layers=2)
    assert len(write_checkpoint(tmp_path, tensors, recipe, seed=5, max_shard_size="20KB").files) > 3
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
    expected = {
        name: np.empty(shape, peer("ml_dtypes").bfloat16 if dtype == "bfloat16" else dtype)
        for name, (shape, _) in tensors.items()
    }
    recipe.init_(expected, seed=5)
    assert {parameter.dtype for parameter in model.parameters()} == {getattr(torch, dtype)}
    assert_same_bits({name: bits_of(parameter) for name, parameter in model.named_parameters()}, expected)


@pytest.mark.parametrize("mesh", [(4,), (2, 2)], ids=str)
def test_torch_distributed_checkpoint(mesh: tuple[int, ...], tmp_path: Path) -> None:
    """Four ranks read their shards, also of tensors that four do not divide."""
    peer("torch")
    from support.torch_ranks import Ranks
    from support.torch_readers import read_into_dtensors

    write(tmp_path / "model")
    with Ranks(4, tmp_path / "store") as ranks:
        for found in ranks.run(read_into_dtensors, tmp_path / "model", mesh, TENSORS):
            assert_same_bits(found, in_memory(5))
