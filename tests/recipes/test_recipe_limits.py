"""Texts that would keep a parser busy, or end it, are refused in a sentence first; what people write is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import fast_init as fi
from fast_init import Recipe, Rule
from fast_init.recipes.text_limits import LONGEST, check_text

RULE = '[[rule]]\npattern = "a"\nscheme = "zeros"\n'
DEEP = "the recipe is nested more than 64 deep; a recipe is a list of rules: flatten it"
PARTS = "the recipe has a key of more than 16 parts; the keys of rules have one: correct it"
LONG = f"the recipe is too long; a recipe has at most {LONGEST:,} bytes: let patterns match more names"


def word(length: int) -> str:
    return f"the recipe has a word of {length:,} characters; a word has at most 1,000: cut it"


REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "arrays": (lambda: "a = " + "[" * 3000 + "]" * 3000, DEEP),  # RecursionError in tomllib
    "arrays after a comment": (lambda: '# "\na = ' + "[" * 3000, DEEP),
    "arrays after strings": (lambda: 'a = \'"\'\nb = "\'\\""\nc = """x"""""\nd = ' + "[" * 3000, DEEP),
    "tables": (lambda: "a = " + "{b = " * 3000, DEEP),
    "arrays of JSON": (lambda: '{"rule": ' + "[" * 100_000, DEEP),
    "objects of JSON": (lambda: '{"rule": ' * 100_000, DEEP),
    "dotted key": (lambda: ".".join("a" * 20_000) + " = 1", PARTS),  # 24 s in tomllib, then RecursionError
    "dotted key, quoted": (lambda: " . ".join(["'a'"] * 17) + " = 1", PARTS),
    "dotted table": (lambda: "[" + ".".join("a" * 20_000) + "]", PARTS),
    "int": (lambda: RULE + "padding_row = " + "1" * 5000, word(5000)),  # beyond what int() takes
    "int of JSON": (lambda: '{"rule": [{"padding_row": ' + "1" * 5000 + "}]}", word(5000)),
    "int in hexadecimal": (lambda: RULE + "padding_row = 0x" + "f" * 5000, word(5002)),  # cannot be printed
    "pattern": (lambda: RULE.replace('"a"', '"' + "[a-" * 20_000 + '"'), word(60_002)),  # 34 s in fnmatch
    "text": (lambda: "#" * (LONGEST + 1), LONG),
}


@pytest.mark.parametrize("case", REFUSED)
def test_beyond_a_limit(case: str, tmp_path: Path) -> None:
    make, sentence = REFUSED[case]
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Recipe.loads(make())
    path = tmp_path / "recipe"
    path.write_text(make())
    of_file = sentence.replace("the recipe", f"the recipe {str(path)!r}", 1)
    with pytest.raises(ValueError, match=f"^{re.escape(of_file)}$"):
        Recipe.load(path)


LINEAR = ['"', "'", '"""\\', '\\"', "'''", "#", "a.", "\n", "[]", "a = 1\n", '"\n', "a "]


@pytest.mark.parametrize("unit", LINEAR)
def test_the_look_at_a_text_is_linear(unit: str) -> None:
    """Text of 4 MiB of which each unit could begin a string that has no end: hours where the time is quadratic."""
    with suppress(ValueError):
        check_text(unit * (LONGEST // len(unit)), "the recipe")


def test_what_people_write_is_read() -> None:
    pytest.importorskip("tomllib")
    rules = [Rule(f"layers.{k}.[[[[[[.weight' # \"x", fi.normal(std=0.1), tied_to="a." * 400) for k in range(2000)]
    assert Recipe.loads(Recipe(rules).to_toml()) == Recipe.loads(Recipe(rules).to_json()) == Recipe(rules)
    text = f"# {'.' * 5000} [[[[\n" * 70 + RULE + "# " + "x" * 5000 + "\npadding_row = 1_000  # {{{\n"
    assert Recipe.loads(text) == Recipe([Rule("a", fi.zeros(), padding_row=1000)])


@pytest.mark.parametrize(("text", "parser"), [(RULE, "tomllib"), ('{"rule": []}', "json")])
def test_a_parser_without_stack_is_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str, parser: str) -> None:
    """Within the limits too, where the caller has used up the stack."""

    def overflows(*_: object, **__: object) -> None:
        raise RecursionError("maximum recursion depth exceeded")

    monkeypatch.setattr(pytest.importorskip(parser), "loads", overflows)
    with pytest.raises(
        ValueError, match=r"^the recipe is not \w+: maximum recursion depth exceeded; correct it there$"
    ):
        Recipe.loads(text)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b'[[rule]]\npattern = "\xe9"\n'], ids=["binary", "latin-1"])
def test_a_file_that_is_not_utf_8(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_bytes(data)
    with pytest.raises(
        ValueError, match=f"^the recipe {re.escape(repr(str(path)))} is not UTF-8: .*; save it as that$"
    ):
        Recipe.load(path)


def test_no_more_of_a_file_is_read_than_a_recipe_may_have() -> None:
    with pytest.raises(ValueError, match=r"^the recipe '/dev/zero' is too long"):
        Recipe.load("/dev/zero")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="not every system has it")
def test_a_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(OSError, match="Input/output error: '/proc/self/mem'"):
        Recipe.load("/proc/self/mem")
