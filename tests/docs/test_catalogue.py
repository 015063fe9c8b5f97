"""The tables of docs/schemes.md: complete, up to date, and true of the other libraries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fast_init as fi
from catalogue import CATALOGUE, Call, Entry, written
from fast_init.schemes.scheme import FACTORIES

PAGE = Path(__file__).parent.parent.parent / "docs" / "schemes.md"
CALLS = [
    pytest.param(entry, preset, call, id=f"{entry.call}-{preset.__name__}")
    for entry in CATALOGUE
    for preset, call in ((fi.from_torch, entry.torch), (fi.from_jax, entry.jax), (fi.from_keras, entry.keras))
    if call
]


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "run `python tools/write_schemes.py`"


def test_tables_fit_a_page() -> None:
    """One table of all columns was 292 characters wide."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert max(map(len, rows)) <= 120


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the page lacks '<!-- tables: begin -->'"):
        written("# Schemes\n")


def test_every_scheme_is_in_the_catalogue() -> None:
    names = {name for entry in CATALOGUE for name in (entry.call.name, *entry.aliases)}
    assert names == FACTORIES.keys() - {"literal"}  # which has values, and no formula


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: str(entry.call))
def test_aliases_make_the_same_record(entry: Entry) -> None:
    assert all(FACTORIES[alias](**entry.call.options) == entry.record() for alias in entry.aliases)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: str(entry.call))
def test_the_std_of_the_table_is_that_of_what_is_drawn(entry: Entry) -> None:
    w = entry.record().fill_(np.empty(entry.shape), seed=1)
    assert w.std() == pytest.approx(entry.record().std_for(entry.shape), rel=0.02)


@pytest.mark.parametrize(("entry", "preset", "call"), CALLS)
def test_names_elsewhere_draw_the_same(entry: Entry, preset: Callable[..., fi.Scheme], call: Call) -> None:
    ours, theirs = entry.record(), preset(call.name, **call.options)
    shape = entry.shape
    theirs_shape = shape if preset is fi.from_torch else (*shape[2:], shape[1], shape[0])
    assert type(theirs) is type(ours)
    assert law(theirs, theirs_shape) == pytest.approx(law(ours, shape), rel=1e-9)


def law(scheme: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    """Return what tells two schemes of a kind apart, for this shape."""
    if isinstance(scheme, fi.variance_scaling):
        scheme = scheme.distribution_for(shape)
    if isinstance(scheme, (fi.normal, fi.uniform, fi.trunc_normal, fi.constant)):
        return {"kind": hash(scheme.kind), **dict(zip(("mean", "std", "kurtosis"), scheme.moments, strict=True))}
    options = {f.name: getattr(scheme, f.name) for f in fields(scheme) if f.name != "layout"}
    return {**options, "std": scheme.std_for(shape)}
