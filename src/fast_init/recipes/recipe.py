"""Recipes: which tensor of a model gets which scheme, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ..sampling.destinations import Array
from ..sampling.names import OnEmpty
from ..sampling.shown import shown
from ..sampling.streams import Seed
from ..schemes.scheme import Scheme
from ..verification.verdict import Verdict
from .in_memory import init_all
from .matching import FirstMatch, Match, captures_of
from .progress import Track
from .report import Report
from .rule import Rule
from .serialization import Document, document_of, parse
from .sizes import sizes_of
from .text_limits import read_text
from .verifying import verify_all

__all__ = ["Recipe"]


class Recipe:
    """Rules for the tensors of a model; the first whose pattern matches a name holds.

    Parameters
    ----------
    rules
        Pairs of a pattern and a scheme, or `Rule` records, in order.
    sizes
        Numbers by name that formulas of the rules use, see `formula`: of layers, say, or the width.

    Examples
    --------
    >>> recipe = Recipe([("*.bias", zeros()), ("embed*", normal(std=0.02)), ("*.weight", he_normal())])
    >>> recipe.rule_for("layers.0.mlp.up.weight").scheme
    variance_scaling(scale=2.0, mode='fan_in', distribution='normal', layout='oi...')
    >>> model = {"embed.weight": np.empty((100, 16), np.float32), "head.weight": np.empty((4, 16), np.float32)}
    >>> print(recipe.init_(model, seed=42))
    name          shape   dtype    scheme                                      fans   std       measured
    embed.weight  100x16  float32  normal(0, 0.02)                                    0.020000  0.019662
    head.weight   4x16    float32  variance_scaling(2, fan_in, normal, oi...)  16, 4  0.353553  0.374194
    2 tensors, 1,664 parameters
    """

    def __init__(self, rules: Iterable[tuple[str, Scheme] | Rule], sizes: Mapping[str, float] | None = None) -> None:
        self.rules: tuple[Rule, ...] = tuple(rule if isinstance(rule, Rule) else Rule(*rule) for rule in rules)
        self.sizes: dict[str, float] = sizes_of({} if sizes is None else sizes)
        for rule in self.rules:
            if rule.formulas or "{" in rule.pattern:
                _check_names(rule, self.sizes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and (self.rules, self.sizes) == (other.rules, other.sizes)

    def __hash__(self) -> int:
        return hash((self.rules, frozenset(self.sizes.items())))

    def __repr__(self) -> str:
        return f"Recipe({list(self.rules)!r}{f', sizes={self.sizes!r}' if self.sizes else ''})"

    @cached_property
    def _patterns(self) -> FirstMatch:
        return FirstMatch(rule.pattern for rule in self.rules)

    def rule_for(self, name: str) -> Rule:
        """Return what `rules_for` does, of one tensor."""
        return self.rules_for([name])[name]

    def rules_for(self, names: Sequence[str] | Mapping[str, Any]) -> dict[str, Rule]:
        """Return the rule of each name, with numbers in the place of formulas.

        ValueError, with the names, if some have no rule; with the name, if a formula has no value for it, or one that
        its scheme cannot have; TypeError for a name that is no str.
        """
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"a tensor is named {shown(name)}; it must be a str: pass its name")
        found = {name: self._patterns.find(name) for name in names}
        if missing := [name for name, match in found.items() if match is None]:
            listed = ", ".join(missing[:20]) + (f" and {len(missing) - 20} more" if len(missing) > 20 else "")
            raise ValueError(
                f"no rule matches {listed}; every tensor needs one: add a rule, such as ('*.weight', he_normal()), "
                "or a last one for '*'"
            )
        known: dict[tuple[Any, ...], Rule] = {}  # by rule and numbers, which many names share
        return {name: self._with_values(name, match, known) for name, match in found.items() if match is not None}

    def _with_values(self, name: str, match: Match, known: dict[tuple[Any, ...], Rule]) -> Rule:
        rule = self.rules[match.place]
        key = (match.place, *match.captured.values())
        if key not in known:
            try:
                numbers = {**self.sizes, **{word: float(digits) for word, digits in match.captured.items()}}
                known[key] = rule.with_values(numbers) if rule.formulas else rule
            except (TypeError, ValueError) as error:
                raise ValueError(f"rule {rule.pattern!r} for tensor {name!r}: {error}") from None
        return known[key]

    def init_(
        self,
        tensors: Mapping[str, Array],
        *,
        seed: Seed = None,
        threads: int | None = None,
        progress: bool | Track = False,
        on_empty: OnEmpty = "warn",
    ) -> Report:
        """Fill the arrays of a model in place, each from the stream of its own name.

        Parameters
        ----------
        tensors
            Arrays by name, which must not share memory unless they are tied.
        seed, threads, on_empty
            As in `normal_`.
        progress
            True for a bar (needs rich), or a function that is called with the bytes done and the bytes in all.

        Returns
        -------
        Report
            One row for each tensor, with expected and measured standard deviation; prints as a table.

        Raises
        ------
        ValueError, TypeError
            A name has no rule, or an array or its shape is not what its scheme needs; no array is then touched.
        KeyboardInterrupt
            On Ctrl-C, soon; arrays are then partly filled.
        """
        return init_all(tensors, self.rules_for(tensors), seed, threads, progress, on_empty)

    def verify(self, tensors: Mapping[str, Array], *, seed: int) -> dict[str, Verdict]:
        """Say of each array of a model whether it is what `init_` with this seed puts there, bit by bit.

        Parameters
        ----------
        tensors
            Arrays by name; they are not changed.
        seed
            The int that `init_` was given.

        Returns
        -------
        dict
            A `Verdict` by name, which is true if the array passed and says where the first difference is.

        Raises
        ------
        ValueError, TypeError
            A name has no rule, or an array or its shape is not what its scheme needs.

        Examples
        --------
        >>> recipe, model = Recipe([("*", he_normal())]), {"a": np.empty((3, 4)), "b": np.empty((3, 4))}
        >>> report = recipe.init_(model, seed=42)
        >>> model["b"][1, 2] += 1
        >>> {name: bool(verdict) for name, verdict in recipe.verify(model, seed=42).items()}
        {'a': True, 'b': False}
        """
        return verify_all(tensors, self.rules_for(tensors), seed)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict, ``{"rule": [...]}``, with sizes if it has some; `from_dict` makes it again."""
        return self._document().to_dict()

    def _document(self) -> Document:
        return Document([rule.to_dict() for rule in self.rules], self.sizes)

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> Recipe:
        """Return the recipe of such a dict; ValueError, with the number of the rule, for what is none."""
        return _made(document_of(document, "the recipe"), "the recipe")

    def to_toml(self) -> str:
        """Return the recipe as TOML, which `loads` and `load` read."""
        return self._document().to_toml()

    def to_json(self) -> str:
        """Return the recipe as a line of JSON, which `loads` and `load` read; infinities are written 1e999."""
        return self._document().to_json()

    @staticmethod
    def loads(text: str) -> Recipe:
        """Return the recipe of a text: JSON if it begins with a brace, else TOML, which needs Python 3.11.

        Raises
        ------
        ValueError
            The text is neither, is no recipe, or is longer than 4 MiB or nested more than 64 deep.

        Examples
        --------
        >>> recipe = Recipe([("*.bias", zeros()), ("*", he_normal())])
        >>> Recipe.loads(recipe.to_json()) == Recipe.loads(recipe.to_toml()) == recipe
        True
        """
        if not isinstance(text, str):
            raise TypeError(f"text is {text!r}; it must be a str, the recipe itself: for a file, use Recipe.load(path)")
        return _made(parse(text, "the recipe"), "the recipe")

    @staticmethod
    def load(path: str | Path) -> Recipe:
        """Return the recipe in a file of TOML or JSON; OSError if it cannot be read, else raises what `loads` does."""
        source = f"the recipe {str(path)!r}"
        return _made(parse(read_text(Path(path), source), source), source)

    from_toml = loads  # its older name


def _check_names(rule: Rule, sizes: Mapping[str, float]) -> None:
    """Raise ValueError if a name of a formula is unknown, or means two things."""
    captured = captures_of(rule.pattern)
    if twice := sorted(captured & sizes.keys()):
        raise ValueError(f"pattern is {rule.pattern!r}; sizes has {twice[0]!r} too, which could be either: rename one")
    for formula in rule.formulas:
        if unknown := sorted(formula.names - captured - sizes.keys()):
            known = ", ".join(sorted({*captured, *sizes})) or "none"
            raise ValueError(
                f"scheme of {rule.pattern!r} is {formula!r} with the unknown name {unknown[0]!r}; known are those of "
                f"its pattern and of sizes ({known}): add it to sizes, or capture it, as layers.{{l}}.* does"
            )


def _made(document: Document, source: str) -> Recipe:
    rules = []
    for k, record in enumerate(document.rules, 1):
        try:
            rules.append(Rule.from_dict(record))
        except (TypeError, ValueError) as error:
            raise ValueError(f"rule {k} of {source}: {error}") from None
    try:
        return Recipe(rules, document.sizes)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{source}: {error}") from None
