"""Fused parameters: each part has the bits that it has in a model where it is a tensor of its own."""

from __future__ import annotations

import json
import re
from math import inf, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.checkpoints.reading import read_checkpoint
from fast_init.checkpoints.verification import verify_checkpoint
from fast_init.recipes import mup
from support.draws import FLOATS, Array, as_bits

ATTENTION = Rule(
    "*.qkv_proj.weight",
    fi.he_normal(mode="fan_out"),
    parts=[("q_proj.weight", 12), ("k_proj.weight", 4, fi.orthogonal(0.5)), ("v_proj.weight", -1)],
)
FUSED = Recipe([ATTENTION, Rule("*.gate_up.weight", fi.xavier_uniform(), parts=[("gate.weight", 8), ("up.weight", 8)])])
SEPARATE = Recipe([("*.k_proj.weight", fi.orthogonal(0.5)), ("*_proj.weight", fi.he_normal(mode="fan_out")),
                   ("*", fi.xavier_uniform())])  # fmt: skip
QKV, GATE_UP = "h.0.attn.qkv_proj.weight", "h.0.mlp.gate_up.weight"
SHAPES = {QKV: (22, 8), GATE_UP: (16, 8)}
PARTS = {
    QKV: {"h.0.attn.q_proj.weight": 12, "h.0.attn.k_proj.weight": 4, "h.0.attn.v_proj.weight": 6},
    GATE_UP: {"h.0.mlp.gate.weight": 8, "h.0.mlp.up.weight": 8},
}


def fused_model(dtype: Any = np.float32) -> dict[str, Array]:
    return {name: np.full(shape, 7, dtype) for name, shape in SHAPES.items()}


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("order", "CF")
def test_a_fused_and_a_separate_model_start_equal(dtype: Any, order: Any) -> None:
    fused = {name: np.asarray(array, order=order) for name, array in fused_model(dtype).items()}
    FUSED.init_(fused, seed=42)
    for name, parts in PARTS.items():
        separate = {part: np.empty((rows, 8), dtype) for part, rows in parts.items()}
        SEPARATE.init_(separate, seed=42)
        assert np.array_equal(as_bits(fused[name]), as_bits(np.concatenate(list(separate.values()))))


def test_company_threads_and_batches_do_not_matter() -> None:
    fused, alone = fused_model(), {QKV: np.empty(SHAPES[QKV], np.float32)}
    FUSED.init_(fused, seed=1, threads=1)
    FUSED.init_(alone, seed=1, threads=2)
    assert np.array_equal(fused[QKV], alone[QKV])


NAMES = [
    ("h.0.attn.qkv_proj.weight", "q_proj.weight", "h.0.attn.q_proj.weight"),
    ("h.0.attn.in_proj_weight", "q_proj_weight", "h.0.attn.q_proj_weight"),
    ("h.0.attn.qkv.weight", "attn.q.weight", "h.0.attn.q.weight"),
    ("qkv.weight", "attn.q.weight", "attn.q.weight"),
]


@pytest.mark.parametrize(("fused", "part", "name"), NAMES)
def test_a_part_is_named_at_the_end_of_the_fused_name(fused: str, part: str, name: str) -> None:
    w = np.empty((3, 4))
    Recipe([Rule("*", fi.normal(), parts=[("other", 1), (part, 2)])]).init_({fused: w}, seed=1)
    assert np.array_equal(w[1:], fi.normal_(np.empty((2, 4)), seed=1, name=name))


def test_a_tie_and_a_padding_row_are_those_of_the_fused_tensor() -> None:
    rule = Rule("b.weight", fi.normal(), padding_row=5, tied_to="a.weight", parts=[("x.weight", 4), ("y.weight", 3)])
    a, b = np.empty((7, 2)), np.empty((7, 2))
    recipe = Recipe([rule, Rule("a.weight", fi.normal(), parts=rule.parts)])
    recipe.init_({"a.weight": a, "b.weight": b}, seed=1)
    assert a[5].all()
    a[5] = 0
    assert np.array_equal(a, b)
    assert np.array_equal(b[:4], fi.normal_(np.empty((4, 2)), seed=1, name="x.weight"))


def test_one_array_of_two_names_is_a_tie_only_with_the_same_parts() -> None:
    w = np.full((4, 2), 7.0)
    tied = Rule("b", fi.normal(), tied_to="a", parts=[("x", 2), ("y", 2)])
    Recipe([tied, Rule("a", fi.normal(), parts=tied.parts)]).init_({"a": w, "b": w}, seed=1)
    with pytest.raises(ValueError, match="share memory"):
        Recipe([tied, ("a", fi.normal())]).init_({"a": w, "b": w}, seed=1)


def test_what_was_drawn_is_verified_part_by_part() -> None:
    model = fused_model()
    FUSED.init_(model, seed=42)
    model[QKV][12:16] *= np.float32(1 + 1e-7)  # orthogonal: within LAPACK's rounding
    assert all(FUSED.verify(model, seed=42).values())
    model[QKV][16, 3] *= np.float32(1 + 2e-7)  # normal: to the bit
    verdict = FUSED.verify(model, seed=42)[QKV]
    assert verdict.first_difference == (16, 3)
    assert "in parts [('q_proj.weight', 12), ('k_proj.weight', 4, orthogonal(" in verdict.question


def test_a_checkpoint_holds_the_same_and_is_verified(tmp_path: Path) -> None:
    model = fused_model()
    FUSED.init_(model, seed=42)
    fi.write_checkpoint(tmp_path, {name: (shape, "float32") for name, shape in SHAPES.items()}, FUSED, seed=42)
    stored = read_checkpoint(tmp_path).arrays()
    assert all(np.array_equal(stored[name], model[name]) for name in SHAPES)
    assert verify_checkpoint(tmp_path, every=True)
    assert {finding.kind for finding in verify_checkpoint(tmp_path, seed=43).findings} == {"seed"}


def test_the_report_has_one_row_a_tensor() -> None:
    report = Recipe([Rule("w", fi.normal(std=3), parts=[("a", 6), ("b", 2, fi.zeros())])]).init_(
        {"w": np.empty((8, 4000))}, seed=1
    )
    (row,) = report.rows
    assert (row.fans, row.parts) == (None, ("a", "b"))
    assert row.expected_std == sqrt((6 * 9 + 2 * 0) / 8) == pytest.approx(row.measured_std, rel=0.03)
    assert "normal(0, 3) in 2 parts" in str(report)
    assert json.loads(json.dumps(report.to_dicts()))[0]["parts"] == ["a", "b"]


def test_rules_with_parts_are_equal_hashed_and_shown() -> None:
    rule = Rule("w", fi.normal(), parts=[("a", 1), ("b", 2, fi.zeros())])
    assert rule == Rule("w", fi.normal(), parts=(("a", 1), ["b", 2, fi.zeros()]))  # type: ignore[arg-type]
    assert len({rule, Rule("w", fi.normal()), Rule("w", fi.normal(), parts=[("a", 1), ("b", 2)])}) == 3
    assert repr(rule).endswith("tied_to=None, parts=(('a', 1), ('b', 2, constant(val=0.0))))")
    assert eval(repr(rule), {**vars(fi)}) == rule
    assert "parts" not in repr(Rule("w", fi.normal()))


def test_the_text_of_parts() -> None:
    rule = Rule("*.qkv.weight", fi.ones(), parts=[("q.weight", 64), ("rest.weight", -1, fi.uniform(0, 2))])
    toml = (
        '[[rule]]\npattern = "*.qkv.weight"\nscheme = "constant"\nval = 1.0\nparts = [\n'
        '    {name = "q.weight", rows = 64},\n'
        '    {name = "rest.weight", rows = -1, scheme = "uniform", a = 0.0, b = 2.0},\n]\n'
    )
    assert Recipe([rule]).to_toml() == toml
    assert Recipe.loads(toml) == Recipe.loads(Recipe([rule]).to_json()) == Recipe([rule])
    infinite = Recipe([Rule("w", fi.ones(), parts=[("a", 1, fi.constant(-inf)), ("b", 1, fi.zeros())])])
    assert Recipe.loads(infinite.to_json()) == Recipe.loads(infinite.to_toml()) == infinite


PARTS_ERRORS: list[tuple[Any, str]] = [
    ("ab", "parts is 'ab'; it must be a list"),
    (3, "parts is 3; it must be a list"),
    (["q"], "a part is 'q'; it must be a name and a number of rows"),
    ([("q", 1, fi.ones(), 2)], "a part is ('q', 1, constant(val=1.0), 2); it must be"),
    ([(1, 2)], "a part is named 1; it must be a str"),
    ([("", 2)], "a part is named ''; it must be a str"),
    ([("q", 2.0)], "part 'q' has 2.0 rows; it must be an int"),
    ([("q", 0)], "part 'q' has 0 rows; it must be > 0, or -1 for the rest"),
    ([("q", -2)], "part 'q' has -2 rows; it must be > 0, or -1 for the rest"),
    ([("q", 2, 0.02)], "scheme is 0.02 for part 'q'; it must be a record"),
    ([("q", 2), ("q", 3)], "parts are [('q', 2), ('q', 3)]; no two of one name may have one scheme"),
    ([("q", 2, fi.ones()), ("q", 2)], "parts are [('q', 2, constant(val=1.0)), ('q', 2)]; no two of one name may have"),
    ([("q", 2, fi.ones()), ("q", 2, fi.ones())], "parts are [('q', 2, constant(val=1.0)), ('q', 2, constant(val=1.0)"),
    ([("q", -1), ("k", -1)], "parts are [('q', -1), ('k', -1)]; only one may have the rows -1"),
]


@pytest.mark.parametrize(("parts", "text"), PARTS_ERRORS, ids=str)
def test_errors_of_parts(parts: Any, text: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(text)}"):
        Rule("w", fi.normal(), parts=parts)


@pytest.mark.parametrize("parts", ["'q'", "[1]", "[{name = 'q'}]", "[{name = 'q', rows = 1, scheme = 'he'}]"])
def test_errors_of_parts_in_a_text_say_where(parts: str) -> None:
    pytest.importorskip("tomllib")
    with pytest.raises(ValueError, match=r"^rule 1 of the recipe: "):
        Recipe.loads(f"[[rule]]\npattern = 'a'\nscheme = 'ones'\nparts = {parts}\n")


ROWS_ERRORS: list[tuple[list[Any], tuple[int, ...], str]] = [
    ([("q", 4), ("k", 2)], (7, 3), "parts have 4 + 2 rows for shape (7, 3); they must be all of axis 0: "),
    ([("q", 4), ("k", 4)], (7, 3), "parts have 4 + 4 rows for shape (7, 3); they must be all of axis 0: "),
    ([("q", 8), ("k", -1)], (7, 3), "parts have 8 + -1 rows for shape (7, 3); they must be all of axis 0: "),
    ([("q", -1)], (), "parts have -1 rows for shape (); they must be all of axis 0: "),
    ([("q", 7, fi.eye())], (7,), "shape (7,) has 1 axes; a matrix has 2: "),
]


@pytest.mark.parametrize(("parts", "shape", "text"), ROWS_ERRORS, ids=str)
def test_nothing_is_touched_if_parts_are_not_the_rows(parts: list[Any], shape: tuple[int, ...], text: str) -> None:
    w = np.full(shape, 7.0)
    with pytest.raises(ValueError, match=f"^tensor 'w': {re.escape(text)}"):
        Recipe([Rule("w", fi.normal(), parts=parts)]).init_({"w": w}, seed=1)
    assert (w == 7).all()


def test_parts_of_one_name_are_functions_of_one_draw() -> None:
    schemes = fi.uniform(0, 1), fi.uniform(0, 2)
    rule = Rule("w", fi.normal(), parts=[("q", 3, schemes[0]), ("k", 2), ("q", 3, schemes[1])])
    w = np.empty((8, 4))
    Recipe([rule]).init_({"w": w}, seed=1)
    assert np.array_equal(w[5:], 2 * w[:3])
    assert np.array_equal(w[:3], schemes[0].fill_(np.empty((3, 4)), seed=1, name="q"))
    assert Recipe.loads(Recipe([rule]).to_json()) == Recipe([rule])


def test_mup_scales_parts_but_not_schemes_of_their_own() -> None:
    plain = Rule("w", fi.normal(), parts=[("a", 1), ("b", 1)])
    (wide,) = mup(Recipe([plain]), 4, roles={"w": "hidden"}).rules
    assert wide == Rule("w", fi.normal(std=0.5), parts=plain.parts)
    own = Recipe([Rule("w", fi.normal(), parts=[("a", 1), ("b", 1, fi.ones())])])
    with pytest.raises(ValueError, match=r"^parts of 'w' have schemes of their own; muP scales one scheme of a rule: "):
        mup(own, 4, roles={"w": "hidden"})
