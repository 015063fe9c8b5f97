"""The study: networks against hand-made ones, claims that can fail, the page, the command and what it refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from fast_init import he_normal, lecun_normal, normal, normal_, orthogonal, sparse, uniform
from fast_init.cli import main
from fast_init.laws import Normal
from fast_init.schemes import Scheme
from fast_init.study import (
    ACTIVATIONS,
    SCHEMES,
    TOPICS,
    Claim,
    Topic,
    comparisons,
    measure,
    predict,
    propagate,
    rectifiers,
    saturation,
    scheme_of,
    seeds,
)
from fast_init.study.lineup import HE, LECUN, ORTHOGONAL, SMALL, SMALL_RANGE, UNIT, UNIT_RANGE
from fast_init.study.one_network import one_network
from fast_init.study.page import html_of
from fast_init.study.pictures import svg_of

CHEAP = (saturation.tanh_sigmas, rectifiers.histograms)


@pytest.fixture(scope="module")
def topics() -> list[Topic]:
    return measure(0)


@pytest.fixture
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fast_init.study.TOPICS", CHEAP)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_those_of_the_functions(name: str) -> None:
    f = ACTIVATIONS[name]
    z, h = np.linspace(-5, 5, 200), 1e-6
    np.testing.assert_allclose(f.derivative(z), (f.function(z + h) - f.function(z - h)) / (2 * h), atol=1e-8)


def test_slopes_far_out_keep_their_digits() -> None:
    z = np.array([30.0, 300.0])
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].derivative(z), np.exp(-z), rtol=1e-12)
    np.testing.assert_allclose(ACTIVATIONS["tanh"].derivative(z), 4 * np.exp(-2 * z), rtol=1e-12)
    assert (ACTIVATIONS["sigmoid"].function(-1000 * z) == 0).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_network_is_the_one_made_by_hand(name: str) -> None:
    sizes, f = [7, 5, 6, 3], ACTIVATIONS[name].function
    run = propagate(sizes, name, he_normal(), seed=3, batch=4)
    w = [
        he_normal().fill_(np.empty((b, a)), seed=3, name=f"layer.{k}") for k, a, b in ((1, 7, 5), (2, 5, 6), (3, 6, 3))
    ]
    x = normal_(np.empty((4, 7)), seed=3, name="inputs")
    np.testing.assert_array_equal(run.inputs, x)
    for k in range(3):
        np.testing.assert_allclose(run.preactivations[k], x @ w[k].T, rtol=1e-12)
        x = f(x @ w[k].T)
        np.testing.assert_allclose(run.activations[k], x, rtol=1e-12)
    np.testing.assert_allclose(run.forward, [z.var() for z in run.preactivations])
    np.testing.assert_allclose(run.backward, [g.var() for g in run.gradients])

    top = normal_(np.empty((4, 3)), seed=3, name="gradients")
    np.testing.assert_array_equal(run.gradients[2], top)
    h = 1e-6
    for unit in range(5):
        step = h * (np.arange(5) == unit)
        up, down = (f(f(run.preactivations[0] + s) @ w[1].T) @ w[2].T for s in (step, -step))
        np.testing.assert_allclose(run.gradients[0][:, unit], ((up - down) * top).sum(axis=1) / (2 * h), atol=1e-7)


def test_seeds_are_distinct_and_repeat() -> None:
    first, again, other = (propagate([4, 8, 8], "tanh", normal(), seed=s).forward for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"sizes": [5]}, ValueError, "sizes is [5]; a network needs inputs and a layer"),
        ({"sizes": [5, 0]}, ValueError, "a layer's size is 0; it must be at least 1"),
        ({"sizes": [5, 2.5]}, TypeError, "a layer's size is 2.5; it must be an int"),
        ({"batch": 0}, ValueError, "batch is 0; it must be at least 1"),
        ({"activation": "swoosh"}, ValueError, "activation is 'swoosh'; it must be one of linear, relu"),
        ({"scheme": he_normal}, TypeError, "it must be a record such as he_normal()"),
        ({"seed": -1}, ValueError, "seed is -1; it must be in [0, 2**64)"),
    ],
)
def test_what_propagate_refuses(change: dict[str, Any], error: type[Exception], sentence: str) -> None:
    arguments = {"sizes": [5, 4], "activation": "relu", "scheme": he_normal(), **change}
    with pytest.raises(error, match=re.escape(sentence)):
        propagate(**arguments)


def test_theory_knows_he() -> None:
    forward, backward = predict([50, 100, 100, 100], "relu", he_normal())
    np.testing.assert_allclose(forward, 2, rtol=1e-9)
    np.testing.assert_allclose(backward, 1, rtol=1e-9)
    forward, backward = predict([100, 100, 50], "linear", normal(std=0.2))
    np.testing.assert_allclose(forward, [4, 16])
    np.testing.assert_allclose(backward, [2, 1])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_theory_is_that_of_wide_networks(name: str) -> None:
    sizes, scheme = [400, 1000, 600, 800], he_normal(mode="fan_out")
    run = propagate(sizes, name, scheme, seed=0, batch=64)
    forward, backward = predict(sizes, name, scheme)
    np.testing.assert_allclose(run.forward, forward, rtol=0.15)
    np.testing.assert_allclose(run.backward, backward, rtol=0.15)


def test_theory_refuses_weights_with_a_mean() -> None:
    with pytest.raises(ValueError, match=r"of mean 0.5; the theory is of mean 0"):
        predict([5, 5], "relu", uniform(0, 1))


def test_every_claim_holds_and_has_its_picture(topics: list[Topic]) -> None:
    assert [c.sentence for topic in topics for c in topic.claims if not c.holds] == []
    assert len({topic.key for topic in topics}) == len(TOPICS) == 10
    assert all(topic.claims and topic.pictures for topic in topics)


@dataclass(frozen=True, repr=False)
class Doubled(Normal):
    """Says one sigma and draws twice it."""

    def _fill(self, array: Any, **random: Any) -> Any:
        return normal_(array, self.mean, 2 * self.std, **random)


@pytest.mark.parametrize(
    ("topic", "label", "scheme", "wrong"),
    [
        (rectifiers.halves, HE, uniform(-1, 0), [0]),
        (rectifiers.fifty_layers, HE, lecun_normal(), [0]),
        (rectifiers.fifty_layers, LECUN, he_normal(), [1]),
        (rectifiers.histograms, HE, lecun_normal(), [0]),
        (rectifiers.histograms, LECUN, he_normal(), [1]),
        (saturation.tanh_sigmas, SMALL, lecun_normal(), [0]),
        (saturation.tanh_sigmas, UNIT, lecun_normal(), [1, 2, 3, 4]),
        (saturation.tanh_sigmas, LECUN, normal(std=0.01), [5]),
        (saturation.tanh_sigmas, LECUN, normal(std=1), [6]),
        (saturation.fixed_ranges, SMALL_RANGE, lecun_normal(), [0]),
        (saturation.fixed_ranges, UNIT_RANGE, lecun_normal(), [1, 2, 3, 4]),
        (saturation.sigmoid_gradients, UNIT, lecun_normal(), [0, 2]),
        (saturation.sigmoid_gradients, LECUN, normal(std=1), [1, 3, 4]),
        (comparisons.every_pair, SMALL, Doubled(std=0.01), [0]),
        (comparisons.every_pair, HE, lecun_normal(), [2, 3]),
        (comparisons.every_pair, LECUN, he_normal(), [1, 4]),
        (comparisons.side_by_side, ORTHOGONAL, lecun_normal(), [0]),
        (comparisons.side_by_side, HE, lecun_normal(), [1]),
        (comparisons.side_by_side, ORTHOGONAL, orthogonal(2**0.5), [0, 2]),
        (comparisons.side_by_side, LECUN, normal(std=1), [2, 3]),
    ],
)
def test_claims_fail_on_other_weights(
    monkeypatch: pytest.MonkeyPatch, topic: Any, label: str, scheme: Scheme, wrong: list[int]
) -> None:
    monkeypatch.setitem(SCHEMES, label, scheme)
    assert [k for k, claim in enumerate(topic(0).claims) if not claim.holds] == wrong


def test_claims_about_fans_fail_where_they_are_swapped(monkeypatch: pytest.MonkeyPatch) -> None:
    modes = comparisons.MODES
    monkeypatch.setattr(comparisons, "MODES", {**modes, "fan_in": modes["fan_out"], "fan_out": modes["fan_in"]})
    assert [claim.holds for claim in comparisons.fans(0).claims] == [False] * 4


def test_claims_about_seeds_fail_on_other_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "SEEDS", 32)
    monkeypatch.setattr(seeds, "WIDTHS", (32, 64))
    assert [claim.holds for claim in seeds.narrow(0).claims] == [True, True, False]
    monkeypatch.setattr(seeds, "WIDTHS", (128, 256))
    assert [claim.holds for claim in seeds.narrow(0).claims] == [True, False, True]
    monkeypatch.setitem(SCHEMES, HE, sparse(sparsity=0.95, std=0.2))  # of more kurtosis
    assert [claim.holds for claim in seeds.narrow(0).claims] == [False, True, True]


@pytest.mark.parametrize(
    ("measured", "low", "high", "holds"),
    [(1, 1, 2, True), (2, 1, 2, True), (0.9, 1, 2, False), (2.1, 1, 2, False), (nan, 1, 2, False)],
)
def test_a_claim_holds_within_its_bounds(measured: float, low: float, high: float, holds: bool) -> None:
    assert Claim("it is so", "it", measured, low, high).holds is holds
    assert Claim("it is so", "it", nan).holds is False
    assert Claim("it is so", "it", 0, high=2).threshold == "at most 2"
    assert Claim("it is so", "it", 0, low=0.5).threshold == "at least 0.5"


@pytest.mark.parametrize("scheme", [*SCHEMES.values(), he_normal(mode="fan_out"), orthogonal(gain=1.4)])
def test_the_repr_of_a_scheme_names_it(scheme: Scheme) -> None:
    assert scheme_of(repr(scheme)) == scheme


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("he_normall", ValueError, "scheme is 'he_normall'; it must be one of constant, "),
        (
            "normal(std=x)",
            ValueError,
            "scheme is 'normal(std=x)'; it must be a name or a call with numbers and strings",
        ),
        ("normal(", ValueError, "it must be a name or a call with numbers and strings"),
        ("np.zeros(3)", ValueError, "it must be a name or a call with numbers and strings"),
        ("normal(sigma=1)", TypeError, "the scheme 'normal(sigma=1)' cannot be made"),
        ("normal(std=-1)", ValueError, "std is -1.0; it must not be negative"),
    ],
)
def test_what_is_no_scheme(text: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)):
        scheme_of(text)


def test_the_page_is_one_file_with_every_claim(topics: list[Topic]) -> None:
    network = one_network(propagate([9, 5, 5], "gelu", lecun_normal()))
    page = html_of(network, topics, seed=0, command="fast-init study")
    references = re.findall(r'(?:src|href|url)\s*[=(]\s*"?([^">)]*)', page)
    assert {reference.split(",")[0].split("#")[0] for reference in references} == {"", "data:image/svg+xml;base64"}
    assert not re.search(r"<script|<link|@import", page)
    svgs = [b64decode(r.split(",")[1]).decode() for r in references if r.startswith("data:")]
    assert len(svgs) == sum(len(topic.pictures) for topic in (network, *topics))
    for svg in svgs:
        assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    claims = [claim for topic in topics for claim in topic.claims]
    text = page.replace("&#x27;", "'")
    assert all(f"{claim.sentence}<small>" in text and f"<strong>{claim.measured:.3g}<" in text for claim in claims)
    assert f"<strong>{len(claims)} of {len(claims)} claims hold.</strong>" in page


def test_a_picture_is_the_same_each_time() -> None:
    picture = saturation.fixed_ranges(0).pictures[0]
    assert svg_of(picture) == svg_of(picture)


@pytest.mark.parametrize(
    ("sizes", "activation", "scheme"),
    [
        ([3, 1], "tanh", uniform(0, 1)),
        ([8, 8, 8], "relu", normal(std=0)),
        ([64] * 200, "linear", normal(std=30)),
        ([16] * 30, "sigmoid", normal(std=1e-30)),
    ],
)
def test_any_network_has_a_picture(sizes: list[int], activation: str, scheme: Scheme) -> None:
    topic = one_network(propagate(sizes, activation, scheme, batch=2))
    assert [ElementTree.fromstring(svg_of(picture)).tag[-3:] for picture in topic.pictures] == ["svg", "svg"]


@pytest.mark.usefixtures("_cheap")
def test_the_command_writes_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    output = tmp_path / "lecun.html"
    arguments = ["--sizes", "20,10,5", "--activation", "silu", "--scheme", "lecun_uniform", "--seed", "7"]
    assert main(["study", *arguments, "-o", str(output)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.endswith(f"wrote {output}\n")
    claims = [claim for topic in CHEAP for claim in topic(7).claims]
    assert out.count("✓ ") == len(claims)
    assert all(f"{claim.sentence}: {claim.quantity} = {claim.measured:.3g} (" in out for claim in claims)
    page = output.read_text(encoding="utf-8")
    assert "20 inputs, layers of 10, 5 units, silu, weights by variance_scaling(scale=1.0" in page
    assert f"fast-init study {' '.join(arguments[:6])} --batch 128 --seed 7" in page


def test_a_cross_is_exit_code_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    false = Topic("false", "What is false", "Not so.", [Claim("1 is 2", "one", 1.0, low=2)], [])
    monkeypatch.setattr("fast_init.study.TOPICS", (lambda _: false,))
    output = tmp_path / "study.html"
    assert main(["study", "--depth", "2", "--width", "4", "-o", str(output)]) == 1
    assert "✗ 1 is 2: one = 1 (holds if at least 2)" in capsys.readouterr().out
    assert "0 of 1 claims hold" in output.read_text()
    assert main(["study", "--depth", "2", "--width", "4", "--json"]) == 1


@pytest.fixture
def _no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("fast_init.study.pictures", "fast_init.study.page"):
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr("fast_init.study.pictures")
    monkeypatch.setitem(sys.modules, "matplotlib", None)


@pytest.mark.usefixtures("_no_matplotlib")
def test_the_page_needs_matplotlib(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study"]) == 2
    expected = "fast-init: the study's pictures need matplotlib: pip install 'fast-init[study]'\n"
    assert capsys.readouterr() == ("", expected)


@pytest.mark.usefixtures("_no_matplotlib", "_cheap")
def test_json_needs_no_matplotlib(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "--json", "--width", "6", "--depth", "3", "--scheme", "normal(std=0.5)", "--seed", "9"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    run = propagate([6] * 4, "relu", normal(std=0.5), seed=9)
    assert found["seed"] == 9
    assert found["network"]["sizes"] == [6] * 4
    assert found["network"]["scheme"] == {"scheme": "normal", "mean": 0.0, "std": 0.5}
    assert found["network"]["forward"] == run.forward.tolist()
    assert found["network"]["backward"] == run.backward.tolist()
    claims = [claim for topic in found["topics"] for claim in topic["claims"]]
    assert [claim["measured"] for claim in claims] == [c.measured for topic in CHEAP for c in topic(9).claims]
    assert all(claim["holds"] for claim in claims)
    assert claims[0]["low"] is None
    assert claims[0]["high"] == 1e-6


@pytest.mark.usefixtures("_cheap")
def test_json_has_no_infinities(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "--json", "--depth", "200", "--activation", "linear", "--scheme", "normal(std=30)"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found["network"]["forward"][-1] is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--sizes", "784;10"], "sizes is '784;10'; it must be whole numbers with commas"),
        (["--sizes", "784,10", "--depth", "3"], "sizes is '784,10'; it says all of --width and --depth"),
        (["--depth", "0"], "sizes is [256]; a network needs inputs and a layer"),
        (["--activation", "swoosh"], "activation is 'swoosh'; it must be one of linear, relu, leaky_relu"),
        (["--scheme", "he"], "scheme is 'he'; it must be one of constant"),
        (["--batch", "0"], "batch is 0; it must be at least 1"),
        (["--seed", "-1"], "seed is -1; it must be in [0, 2**63)"),
        (["--seed", str(2**63)], f"seed is {2**63}; it must be in [0, 2**63)"),
        (["--json", "-o", "page.html"], "argument -o/--output: not allowed with argument --json"),
        (["-o", "no/such/folder/page.html"], "no/such/folder/page.html cannot be written: No such file or directory"),
    ],
)
@pytest.mark.usefixtures("_cheap")
def test_refusals(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    try:
        code = main(["study", *arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    err = capsys.readouterr().err
    assert code == 2
    assert err.startswith("fast-init: ")
    assert sentence in err
    assert err.count("\n") == 1


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["study", "--help"])
    text = capsys.readouterr().out
    assert all(name in text for name in ACTIVATIONS)
    assert 'fast-init study --sizes 784,512,512,10 --activation gelu --scheme "orthogonal(gain=1.5)"' in text


def test_arrays_need_only_numpy() -> None:
    check = "import sys, fast_init.cli, fast_init.study; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)
