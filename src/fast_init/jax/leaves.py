"""The leaves of a pytree and the names that their paths give them."""

from __future__ import annotations

from typing import Any

import jax

__all__ = ["named_leaves"]

BOXES = ("AxisMetadata", "Variable")  # Flax's: each holds a weight, and how, under a key that is no part of a name


def named_leaves(tree: Any, separator: str, also_leaf: Any = None) -> list[tuple[str, Any]]:
    """Return name and leaf, in the order of `jax.tree.leaves`, of a tree without Flax's boxes in its paths.

    `also_leaf` says of what else is a leaf. ValueError if two leaves have one name.
    """

    def stops(node: Any) -> bool:
        return _is_box(node) or (also_leaf is not None and bool(also_leaf(node)))

    named = []
    for path, node in jax.tree_util.tree_flatten_with_path(tree, is_leaf=stops)[0]:
        inside = jax.tree_util.tree_flatten_with_path(node, is_leaf=also_leaf)[0] if _is_box(node) else [((), node)]
        for below, leaf in inside:
            keys = path if len(inside) == 1 else path + below
            named.append((jax.tree_util.keystr(keys, simple=True, separator=separator), leaf))
    _check_unique([name for name, _ in named], separator)
    return named


def _is_box(node: Any) -> bool:
    """Whether it is one of Flax's boxes, which is not imported for this."""
    return any(kind.__name__ in BOXES and kind.__module__.startswith("flax.") for kind in type(node).__mro__)


def _check_unique(names: list[str], separator: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(
                f"separator is {separator!r}, and two leaves are {name!r} with it; they would be equal: pass another "
                "separator, which no key has"
            )
        seen.add(name)
