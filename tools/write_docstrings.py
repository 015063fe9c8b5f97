"""Write what the docstrings of many functions say alike: python tools/write_docstrings.py.

Docstrings stand whole in the sources, where editors show them; the texts that they share stand here. Of a shared entry
this tool writes the first paragraph; further ones, and all else, are the function's own and stay.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

__all__ = ["TARGETS", "entries_of", "files", "sections_of", "written"]

PACKAGE = Path(__file__).parent.parent / "src" / "fast_init"

# Files of the package, with their functions' or methods' names after a colon; without, all public functions.
TARGETS = ("init/*.py", "schemes/scheme.py:Scheme.fill_")

PARAMETERS = {
    "array": """\
The destination: float32, float64, float16 or bfloat16 (of ml_dtypes), of any shape and strides.
16-bit results are the float32 results rounded to nearest even.""",
    "nonlinearity": """\
Gives the gain: ``"relu"``, ``"tanh"``, ``"gelu"`` and the others of `calculate_gain`.""",
    "mode": """\
The fan that divides the variance: ``"fan_in"``, ``"fan_out"``, ``"fan_avg"`` (their mean) or
``"fan_geo_avg"`` (their geometric mean).""",
    "layout": """\
One letter per axis, see `compute_fans`; ``"oi..."`` is PyTorch's, ``"...io"`` JAX's and Keras's.""",
    "seed": """\
An int in [0, 2**64); a NumPy SeedSequence or Generator, from which 64 bits are drawn; or None for
fresh entropy of the system.""",
    "name": """\
Names an independent stream under the same seed: the tensor's name, say.""",
    "global_shape, offset": """\
`array` is the block of a tensor of `global_shape` that starts at `offset`, a number for each axis, and
gets the values that the whole tensor would have there; fans are the tensor's. For a 1-D array, an int
`offset` means the range of the flat tensor that starts there. A part needs its `offset`.""",
    "threads": """\
The most threads to use, at least 1; None for OMP_NUM_THREADS or the CPUs this process may use.
The values do not depend on it.""",
    "on_empty": """\
What to do about an array without elements: ``"warn"`` (`EmptyArrayWarning`), ``"error"`` or
``"ignore"``.""",
}
RETURNS = {
    "numpy.ndarray": """\
The array that was given, filled.""",
}
RAISES = {
    "TypeError": """\
`array` is not a plain NumPy array of a dtype that can be filled, or an argument has a wrong type.""",
    "ValueError": """\
`array` is read-only, misaligned or overlaps itself, or an argument has a value it must not have.
The array is then untouched.""",
}
OWN = {("bits_", "array")}  # entries that only their names share

Entries: TypeAlias = dict[str, list[str]]  # lines by head, such as "mean, std"


def files() -> dict[Path, tuple[str, ...]]:
    """Return the files to write and the names in each; no names stand for all public functions."""
    found: dict[Path, tuple[str, ...]] = {}
    for target in TARGETS:
        pattern, _, name = target.partition(":")
        for path in sorted(PACKAGE.glob(pattern)):
            found[path] = (*found.get(path, ()), *([name] if name else ()))
    return found


def written(source: str, names: Sequence[str] = ()) -> str:
    """Return the source with the shared texts in the docstrings of its functions of these names.

    Names of methods are qualified: ``Scheme.fill_``. ValueError if a name is missing, has no docstring, or a parameter
    has neither an own entry nor a shared one.
    """
    functions = dict(_functions(ast.parse(source)))
    chosen = names or [name for name in functions if "." not in name and not name.startswith("_")]
    if missing := [name for name in chosen if name not in functions]:
        raise ValueError(f"the source has no function {missing[0]!r}; its functions are {', '.join(functions)}: fix it")
    lines = source.splitlines()
    for name in sorted(chosen, key=lambda name: functions[name].lineno, reverse=True):
        _write(lines, name, functions[name])
    return "\n".join(lines) + "\n"


def _functions(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _write(lines: list[str], name: str, function: ast.FunctionDef) -> None:
    if ast.get_docstring(function) is None:
        raise ValueError(f"{name} has no docstring; the shared texts go into it: write its first line")
    node = function.body[0]  # the raw lines, since a docstring's value has lost its escapes
    indent, first, last = " " * node.col_offset, node.lineno - 1, node.end_lineno or node.lineno
    text = "\n".join(line.removeprefix(indent) for line in lines[first:last])
    text = _revised(text.removeprefix('"""').removesuffix('"""').rstrip(), name, _parameters(function))
    lines[first:last] = [f"{indent}{line}".rstrip() for line in f'"""{text}\n"""'.split("\n")]


def _parameters(function: ast.FunctionDef) -> list[str]:
    """Return the names of the parameters, but self."""
    a = function.args
    names = [argument.arg for argument in (*a.posonlyargs, *a.args, *a.kwonlyargs)]
    return [name for name in names if name != "self"]


def sections_of(text: str) -> dict[str, list[str]]:
    """Return the lines of a numpydoc docstring, without indentation, by section; what comes first is ``""``."""
    lines = text.split("\n")
    sections: dict[str, list[str]] = {"": []}
    current = ""
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line and len(after) >= 3 and not after.strip("-"):
            current = line
            sections[current] = []
        elif not (current and not sections[current] and line and not line.strip("-")):
            sections[current].append(line)
    return {title: _trimmed(lines) for title, lines in sections.items()}


def entries_of(lines: Sequence[str]) -> Entries:
    """Return the entries of a section such as Parameters: their lines, without indentation, by their heads."""
    entries: Entries = {}
    body: list[str] = []
    for line in lines:
        if line and not line.startswith(" "):
            body = entries[line] = []
        else:
            body.append(line.removeprefix("    "))
    return {head: _trimmed(body) for head, body in entries.items()}


def _trimmed(lines: list[str]) -> list[str]:
    return "\n".join(lines).rstrip().split("\n") if lines else []


def _revised(text: str, name: str, parameters: Sequence[str]) -> str:
    sections = sections_of(text)
    first = sections.pop("")
    shared = {"Parameters": PARAMETERS, "Returns": RETURNS, "Raises": RAISES}
    entries = {title: entries_of(sections.get(title, [])) for title in shared}
    chosen = {
        "Parameters": _described(name, parameters, entries["Parameters"]),
        "Returns": [*RETURNS],
        "Raises": list(dict.fromkeys([*RAISES, *entries["Raises"]])),
    }
    for title, texts in shared.items():
        own = entries[title]
        entries[title] = {head: _entry(name, head, texts, own.get(head, [])) for head in chosen[title]}
    whole = {title: _lines(found) for title, found in entries.items()}
    whole |= {title: body for title, body in sections.items() if title not in whole}
    parts = (f"{title}\n{'-' * len(title)}\n" + "\n".join(body) for title, body in whole.items())
    return "\n\n".join(["\n".join(first), *parts])


def _described(name: str, parameters: Sequence[str], own: Entries) -> list[str]:
    """Return the heads of the entries that describe the parameters, in their order."""
    by_parameter = {word: head for head in (*own, *PARAMETERS) for word in head.split(", ")}
    if missing := [word for word in parameters if word not in by_parameter]:
        raise ValueError(f"{name} does not say what {missing[0]!r} is; no text is shared for it: write its entry")
    return list(dict.fromkeys(by_parameter[word] for word in parameters))


def _entry(name: str, head: str, shared: Mapping[str, str], own: list[str]) -> list[str]:
    if head not in shared or (name, head) in OWN:
        return own
    return [*shared[head].split("\n"), *(own[own.index("") :] if "" in own else [])]


def _lines(entries: Entries) -> list[str]:
    return [line for head, body in entries.items() for line in (head, *(f"    {x}".rstrip() for x in body))]


if __name__ == "__main__":
    for path, names in files().items():
        path.write_text(written(path.read_text(encoding="utf-8"), names), encoding="utf-8")
