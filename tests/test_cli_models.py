"""The commands checkpoint, verify and inspect: what they write, find, print and refuse."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

import fast_init as fi
from fast_init import cli_recipe, specs
from fast_init.checkpoint_verification import verify_checkpoint
from fast_init.cli import main
from fast_init.inspection import inspect_array
from fast_init.safetensors_file import read_header

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="recipes in headers are TOML")

SHAPES: dict[str, Any] = {
    "embed.weight": {"shape": [2000, 64], "dtype": "float32"},
    "up.weight": {"shape": [256, 300], "dtype": "float32"},
    "down.weight": {"shape": [300, 256], "dtype": "float32"},
    "q.weight": {"shape": [128, 128], "dtype": "float32"},
    "sparse.weight": {"shape": [100, 90], "dtype": "float32"},
    "norm.weight": {"shape": [64], "dtype": "float32"},
    "up.bias": {"shape": [256], "dtype": "float32"},
}
RECIPE = fi.Recipe(
    [
        fi.Rule("embed*", fi.normal(std=0.02), padding_row=0),
        fi.Rule("q*", fi.orthogonal()),
        fi.Rule("sparse*", fi.sparse(0.9)),
        fi.Rule("norm*", fi.ones()),
        fi.Rule("*.bias", fi.zeros()),
        fi.Rule("*", fi.he_normal()),
    ]
)
RANDOM = [name for name in SHAPES if name not in ("norm.weight", "up.bias")]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A checkpoint of one file, seed 7; shapes.json and recipe.toml lie beside it."""
    (tmp_path / "shapes.json").write_text(json.dumps(SHAPES))
    (tmp_path / "recipe.toml").write_text(RECIPE.to_toml())
    words = "checkpoint", tmp_path / "shapes.json", "-o", tmp_path / "model", "--recipe", tmp_path / "recipe.toml"
    assert main([*map(str, words), "--seed", "7"]) == 0
    return tmp_path / "model"


def found(capsys: pytest.CaptureFixture[str], code: int, *words: object) -> dict[str, Any]:
    """Run a command with --json and return what it prints."""
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == code
    out, err = capsys.readouterr()
    assert err == ""
    record: dict[str, Any] = json.loads(out)
    return record


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run a command, which must refuse by one sentence on stderr; return it."""
    capsys.readouterr()
    try:
        code = main([*map(str, words)])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert err.startswith("fast-init: ")
    assert err.count("\n") == 1
    assert "Errno" not in err
    return err


def edit(model: Path, name: str, element: int = 0) -> np.ndarray[Any, Any]:
    """Return the stored elements of a tensor, from one on, as writeable words."""
    file = model / "model.safetensors"
    header = read_header(file)
    entry = next(entry for entry in header.entries if entry.name == name)
    count = (entry.end - entry.begin) // 4 - element
    words: np.ndarray[Any, Any] = np.memmap(file, np.uint32, "r+", header.start + entry.begin + 4 * element, count)
    return words


def test_checkpoint_says_what_it_did(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    words = "checkpoint", base / "shapes.json", "-o", base / "again", "--recipe", base / "recipe.toml", "--seed", 7
    capsys.readouterr()
    assert main([*map(str, words)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{base / 'again'}: 1 file, 1.2 MB written in ")
    assert out.endswith("0 kept; seed 7\nthe checkpoint is complete\n")
    arrays = {name: np.empty(record["shape"], np.float32) for name, record in SHAPES.items()}
    RECIPE.init_(arrays, seed=7)
    stored = load_file(model / "model.safetensors")
    assert all(np.array_equal(stored[name], array) for name, array in arrays.items())


def test_checkpoint_in_parts(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    words = ["checkpoint", base / "shapes.json", "-o", base / "parts", "--recipe", base / "recipe.toml"]
    words += ["--seed", 7, "--dtype", "bfloat16", "--max-shard-size", "200KB"]
    first = found(capsys, 0, *words, "--part", "1/2")
    assert not first["complete"]
    assert main([*map(str, words), "--part", "2/2", "--threads", "1"]) == 0
    again = found(capsys, 0, *words, "--resume")
    assert again["complete"]
    assert again["kept"] == again["files"]
    assert again["bytes"] == 0
    assert set(first["files"]) < set(again["files"])
    assert found(capsys, 0, "verify", base / "parts", "--all")["ok"]


@pytest.mark.parametrize(
    "what", ["model/model.safetensors", "model", "sharded", "sharded/model.safetensors.index.json"]
)
def test_a_checkpoint_is_a_spec(model: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    base = model.parent
    recipe = ["--recipe", base / "recipe.toml", "--seed", 7]
    if what.startswith("sharded"):
        words = "checkpoint", base / "shapes.json", "-o", base / "sharded", *recipe, "--max-shard-size", "100kB"
        assert main([*map(str, words)]) == 0
    found(capsys, 0, "checkpoint", base / what, "-o", base / "copy", *recipe)
    copy, stored = (load_file(path / "model.safetensors") for path in (base / "copy", model))
    assert copy.keys() == stored.keys()
    assert all(np.array_equal(copy[name], stored[name]) for name in copy)


def test_tensors_that_are_no_floats_are_left_out(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    save_file({"w": np.ones((3, 4), np.float16), "ids": np.arange(3)}, base / "x.safetensors")
    words = "checkpoint", base / "x.safetensors", "-o", base / "x", "--recipe", base / "recipe.toml"
    assert main([*map(str, words)]) == 0
    assert "left out, as they are no floats: ids\n" in capsys.readouterr().out
    assert {name: a.dtype for name, a in load_file(base / "x" / "model.safetensors").items()} == {"w": np.float16}


def test_a_plan_of_float64_needs_a_dtype(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    save_file({"w": np.ones((3, 4))}, base / "x.safetensors")
    words = ["checkpoint", base / "x.safetensors", "-o", base / "x", "--recipe", base / "recipe.toml"]
    assert "dtype is 'float64'; it must be one of float32, float16, bfloat16" in refusal(capsys, *words)
    assert main([*map(str, words), "--dtype", "float16"]) == 0


def test_verify_passes_what_is_whole(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, 0, "verify", model)["ok"]
    record = found(capsys, 0, "verify", model / "model.safetensors", "--all", "--threads", "1")
    assert record["elements"] == record["size"] == sum(int(np.prod(s["shape"])) for s in SHAPES.values())
    assert main(["verify", str(model)]) == 0
    assert capsys.readouterr().out.startswith(f"yes: {model} is the draw of its recipe with seed 7\n  of ")


@pytest.mark.parametrize("bit", [0, 15, 31])
@pytest.mark.parametrize("name", SHAPES)
def test_a_flipped_bit(model: Path, capsys: pytest.CaptureFixture[str], name: str, bit: int) -> None:
    shape = tuple(SHAPES[name]["shape"])
    size = int(np.prod(shape))
    edit(model, name, size - 5)[0] ^= 1 << bit
    record = found(capsys, 1, "verify", model, "--all")
    assert [(f["tensor"], f["kind"]) for f in record["findings"]] == [(name, "elements")]
    index = tuple(int(k) for k in np.unravel_index(size - 5, shape))
    assert record["findings"][0]["sentence"] == (
        f"{name}: element {index} differs; the other {size - 1:,} looked at agree"
    )
    assert record["summary"] == "differs from the draw of its recipe with seed 7 in 1 of 7 tensors"


def test_a_damaged_range(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(model, "up.weight", 600)[:1024] = 0
    (finding,) = found(capsys, 1, "verify", model)["findings"]
    assert finding["kind"] == "elements"
    assert "1,024 elements differ, from (2, 0) to (5, 123)" in finding["sentence"]


def test_a_sample_may_miss_a_bit_and_finds_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fi.write_checkpoint(tmp_path, {"w": ((1000, 1000), "float32")}, fi.Recipe([("w", fi.normal())]), seed=1)
    edit(tmp_path, "w", 10_000)[0] ^= 1
    assert found(capsys, 0, "verify", tmp_path)["elements"] == 65536
    assert not found(capsys, 1, "verify", tmp_path, "--all")["ok"]
    edit(tmp_path, "w", 999_999)[0] ^= 1
    assert not found(capsys, 1, "verify", tmp_path)["ok"]


def test_a_wrong_seed(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = found(capsys, 1, "verify", model, "--seed", 8)
    assert {f["tensor"]: f["kind"] for f in record["findings"]} == dict.fromkeys(RANDOM, "seed")
    assert record["summary"] == "looks like the draw of another seed than 8; its header says seed 7"


def test_a_wrong_recipe(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = model.parent / "other.toml"
    rules = [("norm*", fi.ones()), ("*.bias", fi.zeros()), ("q*", fi.xavier_uniform()), ("*", fi.xavier_normal())]
    other.write_text(fi.Recipe(rules).to_toml())
    record = found(capsys, 1, "verify", model, "--recipe", other)
    findings = {f["tensor"]: f for f in record["findings"]}
    assert {name: f["kind"] for name, f in findings.items()} == dict.fromkeys(RANDOM, "recipe")
    assert record["summary"] == "looks like the draw of another recipe"
    factor = ((2 / 300) / (2 / 556)) ** 0.5
    assert f"is the draw of this seed and name times {factor:.6g}" in findings["up.weight"]["sentence"]
    assert "does not look like a draw of variance_scaling" in findings["q.weight"]["sentence"]


@pytest.mark.parametrize(("a", "b"), [("up.weight", "down.weight")])
def test_swapped_tensors(model: Path, capsys: pytest.CaptureFixture[str], a: str, b: str) -> None:
    mine, its = edit(model, a), edit(model, b)
    mine[:], its[:] = its.copy(), mine.copy()
    record = found(capsys, 1, "verify", model)
    assert {f["tensor"]: f["kind"] for f in record["findings"]} == {a: "swapped", b: "swapped"}
    assert {f["sentence"] for f in record["findings"]} == {
        f"{a} holds the values of {b}: swapped",
        f"{b} holds the values of {a}: swapped",
    }


def test_swapped_structured_tensors(tmp_path: Path) -> None:
    tensors = dict.fromkeys("abc", ((64, 64), "float32"))
    recipe = fi.Recipe([("c", fi.normal()), ("*", fi.orthogonal())])
    fi.write_checkpoint(tmp_path, tensors, recipe, seed=1)
    mine, its = edit(tmp_path, "a"), edit(tmp_path, "b")
    mine[:], its[:] = its.copy(), mine.copy()
    assert [f.kind for f in verify_checkpoint(tmp_path).findings] == ["swapped", "swapped"]


def test_another_lapack_is_no_damage(tmp_path: Path) -> None:
    fi.write_checkpoint(tmp_path, {"q": ((64, 64), "float32")}, fi.Recipe([("q", fi.orthogonal())]), seed=1)
    edit(tmp_path, "q")[: 64 * 32] ^= 1
    assert verify_checkpoint(tmp_path)


def test_a_tensor_that_was_never_written(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(model, "down.weight")[:] = 0
    edit(model, "up.bias")[:] = np.float32(0.5).view(np.uint32)
    record = found(capsys, 1, "verify", model)
    sentences = {f["tensor"]: f["sentence"] for f in record["findings"]}
    assert sentences["down.weight"].startswith("down.weight is 0 in every element looked at: it was not written")
    assert "up.bias does not look like a draw of constant(val=0.0) at all" in sentences["up.bias"]


def test_files_of_two_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tensors = {"a": ((64, 64), "float32"), "b": ((64, 64), "float32")}
    for seed in (1, 2):
        options: dict[str, Any] = {"seed": seed, "max_shard_size": 20_000}
        fi.write_checkpoint(tmp_path / str(seed), tensors, fi.Recipe([("*", fi.normal())]), **options)
    name = "model-00002-of-00002.safetensors"
    (tmp_path / "2" / name).replace(tmp_path / "1" / name)
    record = found(capsys, 1, "verify", tmp_path / "1")
    assert [(f["tensor"], f["kind"]) for f in record["findings"]] == [(None, "files"), ("b", "seed")]


def test_verify_needs_a_seed_and_a_recipe(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    save_file(load_file(model / "model.safetensors"), base / "bare.safetensors")
    assert "keeps no seed in its header" in refusal(capsys, "verify", base / "bare.safetensors")
    assert "keeps no recipe in its header" in refusal(capsys, "verify", base / "bare.safetensors", "--seed", 7)
    found(capsys, 0, "verify", base / "bare.safetensors", "--seed", 7, "--recipe", base / "recipe.toml")


def test_inspect(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["inspect", str(model)]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert set(lines) == {"name", *SHAPES}
    assert "2000x64" in lines["embed.weight"]
    assert lines["embed.weight"].endswith("normal(std=0.02)")
    assert lines["up.weight"].endswith("he_normal()")
    assert lines["q.weight"].endswith("orthogonal(gain=1)")
    assert lines["norm.weight"].endswith("ones()")
    assert lines["up.bias"].endswith("zeros()")
    assert max(lines["embed.weight"]) == "█"
    capsys.readouterr()
    assert main(["inspect", str(model / "model.safetensors"), "--json"]) == 0
    records = {record["name"]: record for record in json.loads(capsys.readouterr().out)}
    stored = load_file(model / "model.safetensors")
    for name, record in records.items():
        assert record["std"] == pytest.approx(float(stored[name].astype(np.float64).std()))
        assert (record["min"], record["max"]) == (stored[name].min(), stored[name].max())
        assert sum(record["histogram"]) in (0, stored[name].size)


LIKE: dict[str, tuple[fi.Scheme, tuple[int, ...], tuple[str, ...]]] = {
    "he": (fi.he_normal(), (300, 700), ("he_normal()",)),
    "he of (in, out)": (fi.he_normal(layout="io"), (300, 700), ("he_normal(layout='io')",)),
    "lecun, square": (fi.lecun_normal(), (300, 300), ("lecun_normal()", "xavier_normal()")),
    "xavier": (fi.xavier_uniform(), (300, 700), ("xavier_uniform()",)),
    "torch": (fi.he_uniform(5**0.5), (64, 32, 3, 3), ("he_uniform(a=5**0.5), torch's default",)),
    "gpt2": (fi.normal(std=0.02), (300, 700), ("normal(std=0.02)",)),
    "cut": (fi.trunc_normal(std=0.02, bounds="sigma"), (300, 700), ("trunc_normal(std=0.02, bounds='sigma')",)),
    "jax": (
        fi.variance_scaling(1.0, "fan_in", "truncated_normal"),
        (300, 700),
        ("variance_scaling(1.0, 'fan_in', 'truncated_normal'), JAX's lecun",),
    ),
    "orthogonal": (fi.orthogonal(1.5), (64, 32, 3, 3), ("orthogonal(gain=1.5)",)),
    "constant": (fi.constant(0.25), (5,), ("constant(val=0.25)",)),
    "few": (fi.normal(), (5,), ()),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("case", LIKE)
def test_what_a_tensor_looks_like(case: str, dtype: Any) -> None:
    scheme, shape, names = LIKE[case]
    w = scheme.fill_(np.empty(shape, dtype), seed=1)
    assert inspect_array("w", w).looks_like == names


def test_other_laws_and_bad_values() -> None:
    rng = np.random.default_rng(1)
    assert inspect_array("w", rng.normal(0, 0.003, 50_000)).looks_like[0].startswith("normal(std=0.00")
    assert inspect_array("w", rng.uniform(-0.3, 0.3, 500)).looks_like[0].startswith("uniform(a=-0.")
    assert inspect_array("w", rng.laplace(size=50_000)).looks_like == ()
    w = rng.normal(size=1000)
    w[5] = np.nan
    seen = inspect_array("w", w)
    assert (seen.not_finite, seen.looks_like, np.isfinite(seen.std)) == (1, (), True)
    assert inspect_array("w", np.empty((0, 3))).looked == 0


@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_bad_files(model: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    file, base = model / "model.safetensors", model.parent
    assert "nowhere: No such file or directory; pass another path" in refusal(capsys, command, base / "nowhere")
    assert "is neither safetensors nor their index" in refusal(capsys, command, base / "shapes.json")
    assert "is no JSON" in refusal(capsys, command, base / "recipe.toml")
    (base / "empty").mkdir()
    assert "holds no complete checkpoint" in refusal(capsys, command, base / "empty")
    (base / "empty" / "model.safetensors.0.partial").write_bytes(b"")
    assert "finish it with --resume" in refusal(capsys, command, base / "empty")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    assert "its tensors have" in refusal(capsys, command, model)
    index = model / "model.safetensors.index.json"
    file.write_bytes(whole)
    index.write_text(json.dumps({"weight_map": {"w": "model.safetensors"}}))
    assert "places tensor 'w' in model.safetensors, which does not hold it" in refusal(capsys, command, model)
    index.write_text(json.dumps({"weight_map": {"up.bias": "model.safetensors"}}))
    assert "which " in refusal(capsys, command, model)
    index.write_text(json.dumps({"weight_map": {"w": "other.safetensors"}}))
    assert "names other.safetensors, which is not there" in refusal(capsys, command, model)


def test_bad_arguments(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = model.parent
    words = ["checkpoint", base / "shapes.json", "-o", base / "out"]
    assert "--recipe is missing; only a config.json" in refusal(capsys, *words)
    sentence = refusal(capsys, *words, "--recipe", "nonsense")
    assert "--recipe is 'nonsense'; it is no file, and the ready recipes are " in sentence
    assert "it cannot be made: " in refusal(capsys, *words, "--recipe", "gpt2(planets=9)")
    words += ["--recipe", base / "recipe.toml"]
    assert "'3' is not K/N, such as 1/4; see " in refusal(capsys, *words, "--part", "3")
    assert "part is (3, 2)" in refusal(capsys, *words, "--part", "3/2")
    assert "seed is -1" in refusal(capsys, *words, "--seed", "-1")
    assert "max_shard_size is '0'" in refusal(capsys, *words, "--max-shard-size", "0")
    assert "resume that run" in refusal(capsys, *words[:3], model, *words[4:], "--seed", 7)
    (base / "bad.json").write_text("[1, 2]")
    assert "is no model; a model is safetensors" in refusal(capsys, "checkpoint", base / "bad.json", *words[2:])
    (base / "bad.json").write_text("{")
    assert "bad.json is no JSON" in refusal(capsys, "checkpoint", base / "bad.json", *words[2:])
    assert "No such file" in refusal(capsys, "checkpoint", base / "nowhere.json", *words[2:])
    (base / "bad.toml").write_text("pattern = 3\n")
    assert "has no tables [[rule]]" in refusal(capsys, *words[:4], "--recipe", base / "bad.toml")
    assert not (base / "out").exists()


def test_interrupt(model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fast_init.cli_verify.verify_checkpoint", interrupted)
    capsys.readouterr()
    assert main(["verify", str(model)]) == 130
    assert capsys.readouterr().err == "fast-init: interrupted\n"


def test_config_needs_transformers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    sentence = refusal(capsys, "checkpoint", tmp_path / "config.json", "-o", tmp_path / "model")
    assert "whose shapes transformers and torch know: pip install 'fast-init[hf]'" in sentence


def test_ready_recipes_by_name(tmp_path: Path) -> None:
    recipes = pytest.importorskip("fast_init.recipes")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"model_type": "gpt2", "n_layer": 3}))
    assert cli_recipe.recipe_of(None, config) == recipes.READY["gpt2"](layers=3)
    assert cli_recipe.recipe_of("gpt2", config) == recipes.READY["gpt2"](layers=3)
    assert cli_recipe.recipe_of("gpt2(layers=5)", config) == recipes.READY["gpt2"](layers=5)
    assert cli_recipe.recipe_of("gpt2", None) == recipes.READY["gpt2"]()


def test_a_config_makes_a_model_that_transformers_loads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    config = transformers.GPT2Config(n_layer=2, n_embd=32, n_head=4, vocab_size=300, n_positions=64)
    config.to_json_file(tmp_path / "config.json")
    words = "checkpoint", tmp_path / "config.json", "-o", tmp_path / "model", "--max-shard-size", "20KB"
    assert found(capsys, 0, *words, "--seed", 1)["complete"]
    assert (tmp_path / "model" / "config.json").read_bytes() == (tmp_path / "config.json").read_bytes()
    model, info = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "model", output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    tokens = torch.arange(64).reshape(1, 64)
    assert abs(model(tokens, labels=tokens).loss.item() - np.log(300)) < 0.3
    assert found(capsys, 0, "verify", tmp_path / "model", "--all")["ok"]
    config.n_layer = 3
    config.to_json_file(tmp_path / "config.json")
    assert "is there and is not" in refusal(capsys, *words)


def test_tied_parameters_count_once_and_integers_are_left_out(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("torch")
    path = tmp_path / "config.json"
    transformers.GPT2Config(n_layer=1, n_embd=8, n_head=2, vocab_size=30, dtype="bfloat16").to_json_file(path)
    spec = specs.read_spec(path)
    assert "lm_head.weight" not in spec.tensors
    assert spec.tensors["transformer.wte.weight"] == ((30, 8), "bfloat16")
    sizes = {"embedding_size": 4, "hidden_sizes": [4], "depths": [1]}
    config = transformers.ResNetConfig(**sizes, architectures=["ResNetForImageClassification"])
    config.to_json_file(path)
    spec = specs.read_spec(tmp_path)
    assert any(name.endswith("running_mean") for name in spec.tensors)
    assert all(name.endswith("num_batches_tracked") for name in spec.left_out)
    assert spec.left_out


def test_header_is_read_by_the_library(model: Path) -> None:
    with safe_open(model / "model.safetensors", "np") as file:
        assert file.metadata()["seed"] == "7"


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("checkpoint", "verify", "inspect"):
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0
        assert f"examples:\n  fast-init {command} " in capsys.readouterr().out
