"""The page of the study, its pictures, the command fast-init study and what it refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fast_init import lecun_normal, normal, uniform
from fast_init.cli.main import main
from fast_init.schemes.scheme import Scheme
from fast_init.study import (
    ACTIVATIONS,
    Claim,
    Topic,
    propagate,
)
from fast_init.study.networks.activations import ActivationName
from fast_init.study.page import html_of
from fast_init.study.page.alt_texts import alt_of
from fast_init.study.page.pictures import svg_of
from fast_init.study.topics import rectifiers, saturation
from fast_init.study.topics.one_network import one_network
from support import measured
from support.commands import refusal

CHEAP = (saturation.tanh_sigmas, rectifiers.histograms)


@pytest.fixture
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fast_init.cli.study.TOPICS", CHEAP)


def test_the_page_is_one_file_with_every_claim() -> None:
    topics = measured.topics()
    network = one_network(propagate([9, 5, 5], "gelu", lecun_normal()))
    page = html_of(network, topics, seed=0, command="fast-init study")
    references = re.findall(r'(?:src|href|url)\s*[=(]\s*"?([^">)]*)', page)
    assert {reference.split(",")[0].split("#")[0] for reference in references} == {"", "data:image/svg+xml;base64"}
    assert not re.search(r"<script|<link|@import", page)
    svgs = [b64decode(r.split(",")[1]).decode() for r in references if r.startswith("data:")]
    assert len(svgs) == sum(len(topic.pictures) for topic in (network, *topics))
    for svg in svgs:
        assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    alts = re.findall(r'alt="([^"]*)"', page)
    assert len({*alts}) == len(alts) == len(svgs)
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
def test_any_network_has_a_picture(sizes: list[int], activation: ActivationName, scheme: Scheme) -> None:
    topic = one_network(propagate(sizes, activation, scheme, batch=2))
    assert [ElementTree.fromstring(svg_of(picture)).tag[-3:] for picture in topic.pictures] == ["svg", "svg"]
    assert len({alt_of(picture) for picture in topic.pictures}) == 2


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
    claims = [Claim("1 is 1", "one", 1.0, high=1), Claim("1 is 2", "one", 1.0, low=2)]
    false = Topic("false", "What is false", "Not so.", claims, [])
    monkeypatch.setattr("fast_init.cli.study.TOPICS", (lambda _: false,))
    output = tmp_path / "study.html"
    assert main(["study", "--depth", "2", "--width", "4", "-o", str(output)]) == 1
    assert "✗ 1 is 2: one = 1 (holds if at least 2, room -50%)" in capsys.readouterr().out
    assert "1 of 2 claims hold" in output.read_text()
    assert main(["study", "--depth", "2", "--width", "4", "--json"]) == 1


@pytest.fixture
def _no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("fast_init.study.page", "fast_init.study.page.html", "fast_init.study.page.pictures"):
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delattr("fast_init.study.page")
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
    assert [claim["margin"] for claim in claims] == [c.margin for topic in CHEAP for c in topic(9).claims]
    assert claims[0]["low"] is None
    assert claims[0]["high"] == 1e-6


def test_json_can_hold_every_claim() -> None:
    """A NumPy bool, of a comparison of NumPy's floats, it cannot."""
    claims = [claim for topic in measured.topics() for claim in topic.claims]
    assert {type(claim.holds) for claim in claims} == {bool}
    assert json.loads(json.dumps([(c.measured, c.margin) for c in claims])) == [[c.measured, c.margin] for c in claims]


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
    ],
)
@pytest.mark.usefixtures("_cheap")
def test_wrong_arguments(capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    assert sentence in refusal(capsys, "study", *arguments)


@pytest.mark.usefixtures("_cheap")
def test_a_page_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "-o", "no/such/folder/page.html"]) == 2
    sentence = "no/such/folder/page.html cannot be written: No such file or directory; choose another --output"
    assert capsys.readouterr().err == f"fast-init: {sentence}\n"


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["study", "--help"])
    text = capsys.readouterr().out
    assert all(name in text for name in ACTIVATIONS)
    assert 'fast-init study --sizes 784,512,512,10 --activation gelu --scheme "orthogonal(gain=1.5)"' in text


def test_arrays_need_only_numpy() -> None:
    check = "import sys, fast_init.cli, fast_init.study; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", check], check=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="not every system has it")
@pytest.mark.parametrize("where", [["--json"], ["-o", "study.html"]])
def test_a_full_disk_is_said_to_be_that_of_stdout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("fast_init.cli.study.TOPICS", CHEAP)
    with Path("/dev/full").open("w", buffering=1, encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["study", "--depth", "2", "--width", "4", *where]) == 2
    said = capsys.readouterr().err
    assert said == "fast-init: stdout cannot be written: No space left on device; send it elsewhere\n"
