"""What to do with the tensors whose names match a pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from ..sampling.numbers import int_of
from ..schemes.fans import check_layout
from ..schemes.scheme import Scheme
from .formula import Formula, scheme_of_dict
from .matching import captures_of, escaped
from .parts import Part, Parts, parts_of, parts_of_dicts, parts_to_dicts

__all__ = ["Rule"]

OPTIONS = ("padding_row", "tied_to")  # of a rule's dict; the rest is the scheme's


@dataclass(frozen=True, repr=False)
class Rule:
    """What to do with the tensors whose names match a pattern.

    Parameters
    ----------
    pattern
        As in a shell, over the whole name: ``*`` any characters, dots too, ``?`` one, ``[...]`` one of these, so that
        ``[*]`` is a star and ``[[]`` a bracket; `Rule.named` writes them so. ``{l}``, with any name in the braces, is a
        whole component of digits (the first that fits), a number of which `formula` knows; ``[{]l}`` is not.
    scheme
        The record that fills them; or what `formula` returns.
    layout
        Replaces the scheme's, where it has one; is then None here.
    padding_row
        Index along the first axis of a row to set to zero after the fill, such as an embedding's padding token.
    tied_to
        Name of another tensor whose values this one gets: it is drawn from that name's stream.
    parts
        Of a fused parameter: pairs of a name and a number of rows, -1 for the rest, in the order of the rows (axis 0);
        a third item is the part's own scheme. Each part is drawn as a tensor of its own shape, from the stream of its
        name, which stands in place of as many dotted components at the end of the fused name: a fused and a separate
        model start equal, bit for bit. Parts of one name, each with a scheme of its own, are of one stream: an LSTM's
        input gate is minus its forget gate so.

    Examples
    --------
    >>> Rule("lm_head.weight", normal(std=0.02), tied_to="wte.weight").stream_of("lm_head.weight")
    'wte.weight'
    >>> fused = Rule("*.qkv_proj.weight", he_normal(), parts=[("q_proj.weight", 2), ("kv_proj.weight", -1)])
    >>> w, q = np.empty((3, 4)), he_normal().new((2, 4), "float64", seed=42, name="h.0.q_proj.weight")
    >>> report = Recipe([fused]).init_({"h.0.qkv_proj.weight": w}, seed=42)
    >>> bool((w[:2] == q).all())
    True
    """

    pattern: str
    scheme: Scheme
    layout: str | None = None
    padding_row: int | None = None
    tied_to: str | None = None
    parts: Parts = ()

    def __post_init__(self) -> None:
        if not isinstance(self.pattern, str):
            raise TypeError(f"pattern is {self.pattern!r}; it must be a str: pass one such as '*.weight'")
        captures_of(self.pattern)
        if not isinstance(self.scheme, Scheme):
            raise TypeError(
                f"scheme is {self.scheme!r} for {self.pattern!r}; it must be a record: pass he_normal(), say"
            )
        if self.layout is not None:
            check_layout(self.layout)
            object.__setattr__(self, "scheme", self._scheme_in(self.layout))
            object.__setattr__(self, "layout", None)
        if self.padding_row is not None:
            if (row := int_of(self.padding_row)) is None:
                raise TypeError(f"padding_row is {self.padding_row!r}; it must be an int or None: pass a row's index")
            object.__setattr__(self, "padding_row", row)
        if self.tied_to is not None and not isinstance(self.tied_to, str):
            raise TypeError(f"tied_to is {self.tied_to!r}; it must be a str or None: pass a tensor's name")
        object.__setattr__(self, "parts", parts_of(self.parts))

    def _scheme_in(self, layout: str) -> Scheme:
        if "layout" not in self.scheme.arguments:
            raise ValueError(f"layout is {layout!r} for {self.pattern!r}; {self.scheme.kind} has no fans: leave it out")
        if isinstance(self.scheme, Formula):
            return scheme_of_dict({**self.scheme.to_dict(), "layout": layout})
        return replace(self.scheme, layout=layout)  # type: ignore[type-var]

    def __repr__(self) -> str:
        shown = [f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.name != "parts" or self.parts]
        return f"Rule({', '.join(shown)})"

    @staticmethod
    def named(name: str, scheme: Scheme, **options: Any) -> Rule:
        """Return the rule of the tensor of this very name, whatever characters it has; options are those of `Rule`.

        Examples
        --------
        >>> Rule.named("blocks[0].weight", zeros()).pattern
        'blocks[[]0].weight'
        """
        return Rule(escaped(name), scheme, **options)

    @property
    def checked_parts(self) -> tuple[Part, ...]:
        """`parts`, as they were checked when the rule was made."""
        return cast("tuple[Part, ...]", self.parts)

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        """The scheme, or of a fused parameter that of each part."""
        return tuple(part.scheme or self.scheme for part in self.checked_parts) or (self.scheme,)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Those of its schemes whose numbers are formulas."""
        return tuple(scheme for scheme in (self.scheme, *self.schemes) if isinstance(scheme, Formula))

    def with_values(self, numbers: Mapping[str, float]) -> Rule:
        """Return the rule whose formulas have the values that these numbers give them."""

        def valued(scheme: Scheme) -> Scheme:
            return scheme.with_values(numbers) if isinstance(scheme, Formula) else scheme

        parts = [part._replace(scheme=part.scheme and valued(part.scheme)) for part in self.checked_parts]
        return replace(self, scheme=valued(self.scheme), parts=parts)

    def check_padding_row(self, shape: tuple[int, ...]) -> None:
        """Raise ValueError if a tensor of this shape has no such row."""
        if self.padding_row is not None and not (shape and 0 <= self.padding_row < shape[0]):
            raise ValueError(
                f"padding_row is {self.padding_row} for shape {shape}; it must be a row: pass an index of axis 0"
            )

    def stream_of(self, name: str) -> str:
        """Return the name of the stream that the tensor of that name is drawn from."""
        return name if self.tied_to is None else self.tied_to

    def to_dict(self) -> dict[str, Any]:
        """Return a plain dict: the pattern, the scheme's dict and those options that are not None."""
        options = {key: getattr(self, key) for key in OPTIONS if getattr(self, key) is not None}
        if self.parts:
            options["parts"] = parts_to_dicts(self.checked_parts)
        return {"pattern": self.pattern, **self.scheme.to_dict(), **options}

    @staticmethod
    def from_dict(record: Mapping[str, Any]) -> Rule:
        """Return the rule of such a dict; ValueError or TypeError for what is none."""
        if not isinstance(record.get("pattern"), str):
            raise ValueError("there is no pattern; names are matched with it: write pattern = '*.weight', say")
        scheme = dict(record)
        options = {key: scheme.pop(key) for key in ("pattern", *OPTIONS) if key in scheme}
        if "parts" in scheme:
            options["parts"] = parts_of_dicts(scheme.pop("parts"))
        return Rule(**options, scheme=scheme_of_dict(scheme))
