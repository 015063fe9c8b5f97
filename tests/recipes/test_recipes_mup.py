"""muP: a recipe at another width, by the tables of arXiv 2203.03466."""

from __future__ import annotations

import re
from typing import Any

import pytest

import fast_init as fi
from fast_init import recipes
from fast_init.recipes.families.mup import TABLES, Role, Table

BASE = recipes.gpt2(layers=2, std=0.04, tied=False)
STD = {  # of a model four times as wide: by Table 8, by Table 3
    "transformer.wte.weight": (0.04, 0.04),
    "transformer.wpe.weight": (0.04, 0.04),
    "transformer.h.1.attn.c_attn.weight": (0.02, 0.02),
    "transformer.h.1.mlp.c_fc.weight": (0.02, 0.02),
    "transformer.h.1.mlp.c_proj.weight": (0.01, 0.01),  # 0.04 / sqrt(2 * 2) at the base
    "lm_head.weight": (0.04, 0.01),
    "score.weight": (0.04, 0.01),
}
CONSTANT = ["transformer.h.0.ln_1.weight", "transformer.h.0.ln_1.bias", "transformer.h.0.mlp.c_fc.bias"]
OUTPUTS = ["lm_head.weight", "score.weight", "classifier.weight", "qa_outputs.weight"]


@pytest.mark.parametrize("name", STD)
def test_gpt2_four_times_as_wide(name: str) -> None:
    by_table_8, by_table_3 = STD[name]
    assert recipes.mup(BASE, 4, table=8).rule_for(name).scheme == fi.normal(std=by_table_8)
    assert recipes.mup(BASE, 4, table=3).rule_for(name).scheme == fi.normal(std=by_table_3)


def test_llama_four_times_as_wide() -> None:
    wide = recipes.mup(recipes.llama(std=0.04, padding_row=3), 4, table=3)
    for name in ("self_attn.q_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.down_proj"):
        assert wide.rule_for(f"model.layers.0.{name}.weight").scheme == fi.normal(std=0.02)
    assert wide.rule_for("model.embed_tokens.weight").scheme == fi.normal(std=0.04)
    assert wide.rule_for("model.embed_tokens.weight").padding_row == 3
    assert wide.rule_for("lm_head.weight").scheme == fi.normal(std=0.01)


@pytest.mark.parametrize("name", CONSTANT)
def test_what_is_not_drawn_stays(name: str) -> None:
    assert recipes.mup(BASE, 4, table=3, zero_output=True).rule_for(name) == BASE.rule_for(name)


def test_at_the_base_width_nothing_changes() -> None:
    for table in TABLES:
        assert recipes.mup(BASE, 1, table=table) == BASE


@pytest.mark.parametrize("table", TABLES)
def test_outputs_may_be_zero(table: Table) -> None:
    wide = recipes.mup(BASE, 4, table=table, zero_output=True)
    assert [wide.rule_for(name).scheme for name in OUTPUTS] == [fi.zeros()] * len(OUTPUTS)
    assert wide.rule_for("transformer.h.0.mlp.c_fc.weight").scheme == fi.normal(std=0.02)


def test_tied_outputs_are_those_of_table_8() -> None:
    wide = recipes.mup(recipes.gpt2(std=0.04), 4, table=8)
    assert wide.rule_for("lm_head.weight") == fi.Rule(
        "lm_head.weight", fi.normal(std=0.04), tied_to="transformer.wte.weight"
    )


# role, table -> the variance of a weight of 64 inputs at four times the width, if it is 1 / fan_in by itself
BY_FAN = {
    ("input", 8): 1 / 64,
    ("hidden", 8): 1 / 64,
    ("output", 8): 1 / 16,  # that of the base
    ("input", 3): 1 / 64,
    ("hidden", 3): 1 / 64,
    ("output", 3): 1 / 256,  # as 1 / fan_in^2: a sixteenth of the base's
}


@pytest.mark.parametrize(("role", "table"), BY_FAN)
def test_variances_by_fan_in_scale_with_the_width_by_themselves(role: Role, table: Table) -> None:
    recipe = fi.Recipe([("w", fi.lecun_normal())])
    scheme = recipes.mup(recipe, 4, table=table, roles={"w": role}).rule_for("w").scheme
    assert scheme.std_for((8, 64)) ** 2 == pytest.approx(BY_FAN[role, table])


ERRORS: list[tuple[fi.Recipe, dict[str, Any], str]] = [
    (BASE, {"multiplier": 0}, "multiplier is 0; it must be positive: pass width / base width"),
    (BASE, {"multiplier": -2}, "multiplier is -2.0; it must not be negative"),
    (BASE, {"multiplier": 2, "table": 4}, "table is 4; it must be one of 3, 8: pass one of these"),
    (recipes.bert(), {"multiplier": 2}, "role of '*embeddings.word_embeddings.weight' is None; a rule that draws is"),
    (BASE, {"multiplier": 2, "roles": {"*wte.weight": "in"}}, "role of '*wte.weight' is 'in'; a rule that draws is"),
    (recipes.gpt2(), {"multiplier": 2, "table": 3}, "'lm_head.weight' is tied to 'transformer.wte.weight'; outputs"),
    (recipes.gpt2(), {"multiplier": 2, "zero_output": True}, "'lm_head.weight' is tied to 'transformer.wte.weight'"),
    (
        fi.Recipe([("w", fi.he_normal(mode="fan_out"))]),
        {"multiplier": 2, "roles": {"w": "hidden"}},
        "scheme of 'w' is variance_scaling(scale=2.0, mode='fan_out', distribution='normal', layout='oi...'); muP",
    ),
    (fi.Recipe([("w", fi.orthogonal())]), {"multiplier": 2, "roles": {"w": "hidden"}}, "scheme of 'w' is orthogonal("),
]


@pytest.mark.parametrize(("recipe", "options", "text"), ERRORS)
def test_errors(recipe: fi.Recipe, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        recipes.mup(recipe, **options)


def test_what_is_no_recipe() -> None:
    with pytest.raises(TypeError, match=re.escape("recipe is 3; it must be a Recipe: pass gpt2(), say")):
        recipes.mup(3, 2)  # type: ignore[arg-type]
