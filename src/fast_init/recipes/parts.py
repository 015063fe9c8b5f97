"""Fused parameters: a tensor whose rows are whole tensors of their own, such as query, key and value in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, TypeAlias

from ..sampling.numbers import int_of
from ..schemes.scheme import Scheme
from .formula import scheme_of_dict

__all__ = ["REST", "Part", "Parts", "parts_of", "parts_of_dicts", "parts_to_dicts", "ranges_of"]

REST = -1  # as a number of rows: those that the other parts leave

Parts: TypeAlias = "Sequence[tuple[str, int] | tuple[str, int, Scheme | None]]"


class Part(NamedTuple):
    """A tensor that is some of the rows, along axis 0, of a fused one."""

    name: str  # stands in place of as many dotted components at the end of the fused name
    rows: int  # > 0, or REST
    scheme: Scheme | None = None  # None for that of the rule

    def stream_in(self, fused: str) -> str:
        """Return the name of the stream that the part is drawn from, given that of the fused tensor.

        Examples
        --------
        >>> Part("q_proj.weight", 64).stream_in("layers.0.attn.qkv_proj.weight")
        'layers.0.attn.q_proj.weight'
        """
        kept = fused.split(".")[: -self.name.count(".") - 1]
        return ".".join([*kept, self.name])

    def __repr__(self) -> str:
        return repr(tuple(self) if self.scheme else tuple(self)[:2])


def parts_of(parts: Any) -> tuple[Part, ...]:
    """Return parts as they were given, checked."""
    if type(parts) is tuple and not parts:  # of most tensors, of which there may be many
        return ()
    if isinstance(parts, str) or not isinstance(parts, Iterable):
        raise TypeError(f"parts is {parts!r}; it must be a list: pass such as [('q_proj.weight', 64), ...]")
    found = tuple(_part(part) for part in parts)
    if any(_would_be_equal(part, other) for part, other in combinations(found, 2)):
        raise ValueError(
            f"parts are {list(found)}; no two of one name may have one scheme, they would be equal: rename one, or "
            "give each a scheme of its own"
        )
    if sum(part.rows == REST for part in found) > 1:
        raise ValueError(
            f"parts are {list(found)}; only one may have the rows {REST}, the rest: pass the others' numbers"
        )
    return found


def _would_be_equal(part: Part, other: Part) -> bool:
    """Whether two parts have one stream and one law; the rule's may be that of a part that has its own."""
    return part.name == other.name and (None in (part.scheme, other.scheme) or part.scheme == other.scheme)


def _part(part: Any) -> Part:
    if not isinstance(part, (tuple, list)) or len(part) not in (2, 3):
        raise TypeError(
            f"a part is {part!r}; it must be a name and a number of rows: pass such as ('q_proj.weight', 64)"
        )
    name, rows, own = part[0], int_of(part[1]), part[2] if len(part) == 3 else None
    if not isinstance(name, str) or not name:
        raise TypeError(f"a part is named {name!r}; it must be a str: pass one such as 'q_proj.weight'")
    if rows is None:
        raise TypeError(f"part {name!r} has {part[1]!r} rows; it must be an int: pass the number of its rows")
    if rows < 1 and rows != REST:
        raise ValueError(f"part {name!r} has {rows} rows; it must be > 0, or {REST} for the rest: pass such")
    if own is not None and not isinstance(own, Scheme):
        raise TypeError(f"scheme is {own!r} for part {name!r}; it must be a record: pass he_normal(), say")
    return Part(name, rows, own)


def ranges_of(parts: Sequence[Part], shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return first and last row, the last excluded, of each part of a tensor; ValueError if they are not its rows."""
    total = shape[0] if shape else 0
    given = sum(part.rows for part in parts if part.rows != REST)
    stops: list[int] = []
    for part in parts:
        stops.append((stops[-1] if stops else 0) + (total - given if part.rows == REST else part.rows))
    if not shape or stops[-1] != total or given > total:
        rows = " + ".join(str(part.rows) for part in parts)
        raise ValueError(
            f"parts have {rows} rows for shape {shape}; they must be all of axis 0: correct a number, or pass {REST} "
            "as that of one, which gets the rest"
        )
    return list(zip([0, *stops], stops, strict=False))


def parts_to_dicts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return a plain dict for each part: its name, its rows, and what its scheme's dict holds, if it has its own."""
    return [{"name": part.name, "rows": part.rows, **(part.scheme.to_dict() if part.scheme else {})} for part in parts]


def parts_of_dicts(records: Any) -> Parts:
    """Return the parts of such dicts, unchecked but for being dicts of a name and rows."""
    if not isinstance(records, (list, tuple)) or not all(isinstance(record, Mapping) for record in records):
        raise TypeError(f"parts is {records!r}; it must be a list of tables: write such as {{name = 'q', rows = 64}}")
    return [_of_dict(dict(record)) for record in records]


def _of_dict(record: dict[str, Any]) -> Any:
    name, rows = record.pop("name", None), record.pop("rows", None)
    return (name, rows, scheme_of_dict(record)) if record else (name, rows)
