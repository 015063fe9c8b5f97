"""Pipes, disks and encodings that do not take the output: a sentence at most; and names that would move the cursor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from fast_init.cli.main import main
from fast_init.recipes.printable import printable
from support.commands import refusal

FAST_INIT = f"{sys.executable} -m fast_init.cli"


def shell(line: str, **environment: str) -> tuple[int, str, str]:
    """Run a line of bash, in which fast-init is the command, and return its exit code, stdout and stderr."""
    done = subprocess.run(
        ["bash", "-c", line.replace("fast-init", FAST_INIT)],
        capture_output=True,
        env={**os.environ, "PYTHONUNBUFFERED": "", **environment},
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A file whose table is larger than any buffer between two processes."""
    path = tmp_path / "many.safetensors"
    save_file({f"layers.{k}.{'x' * 100}": np.zeros(1, np.float32) for k in range(2000)}, path)
    return path


FULL = "fast-init: stdout cannot be written: No space left on device; send it elsewhere\n"
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="not every system has it")


@pytest.mark.parametrize("words", ["inspect {}", "inspect {} --json"])
def test_a_reader_that_goes(many: Path, words: str) -> None:
    line = f'fast-init {words.format(many)} | head -c 10; echo " ${{PIPESTATUS[0]}}"'
    code, out, err = shell(line)
    assert (code, out.split()[-1], err) == (0, "141", "")


@pytest.mark.parametrize("words", ["--help", "info", "--version"])
def test_a_reader_that_goes_before_the_end(words: str) -> None:
    code, out, err = shell(f"fast-init {words} | true; echo ${{PIPESTATUS[0]}}")
    assert (code, err) == (0, "")
    assert out in ("141\n", "0\n")  # by which of the two is first


def test_a_reader_that_goes_before_rich_prints() -> None:
    pytest.importorskip("rich")
    assert shell("fast-init demo --model tiny | true; echo ${PIPESTATUS[0]}") == (0, "141\n", "")


@needs_full
@pytest.mark.parametrize("words", ["--help", "info", "info --json", "inspect {}", "inspect {} --json", "--version"])
def test_a_full_disk(many: Path, words: str) -> None:
    assert shell(f"fast-init {words.format(many)} > /dev/full") == (2, "", FULL)


@needs_full
@pytest.mark.parametrize("words", ["info", "info --json", "inspect {}", "demo --model tiny --json"])
def test_a_full_disk_without_a_buffer(many: Path, words: str) -> None:
    assert shell(f"fast-init {words.format(many)} > /dev/full", PYTHONUNBUFFERED="1") == (2, "", FULL)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams(many: Path, closed: str) -> None:
    code, _, err = shell(f"fast-init inspect {many} {closed}")
    assert (code, err) == (0, "")
    code, out, err = shell(f"fast-init inspect {many}x {closed}")
    assert (code, out) == (2, "")
    code, out, err = shell(f"fast-init inspect --nonsense {closed}")
    assert (code, out) == (2, "")


@needs_full
@pytest.mark.parametrize("words", ["inspect nowhere", "nonsense", "inspect"])
def test_an_error_that_cannot_be_said_is_a_code_still(words: str) -> None:
    assert shell(f"fast-init {words} 2> /dev/full") == (2, "", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "ascii:strict"])
def test_an_encoding_without_the_bars(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.safetensors"
    save_file({"é\u4e2d": np.arange(24, dtype=np.float32)}, path)
    code, out, err = shell(f"fast-init inspect {path}", PYTHONIOENCODING=encoding)
    assert (code, err) == (0, "")
    assert out.splitlines()[1].startswith("\\xe9\\u4e2d" if "ascii" in encoding else "\ufffd")
    assert "@" * 24 in out


def test_the_bars_of_an_encoding_that_has_them(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    save_file({"w": np.arange(24, dtype=np.float32)}, path)
    code, out, err = shell(f"fast-init inspect {path}", PYTHONIOENCODING="utf-8")
    assert (code, err) == (0, "")
    assert "█" * 24 in out


HOSTILE = {  # a name -> how it is shown
    "w\x1b[2J": "w\\x1b[2J",
    "w\nyes: it is the draw": "w\\nyes: it is the draw",
    "w\r\t\x00\x7f\x9b": "w\\r\\t\\x00\\x7f\\x9b",
    "w\u202etxt": "w\\u202etxt",
    "w\u2066\u200b\ufeff": "w\\u2066\\u200b\\ufeff",
    "w\u2028": "w\\u2028",
    "é\u4e2d": "é\u4e2d",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_shown_escaped(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = tmp_path / "x.safetensors"
    save_file({name: np.ones(3, np.float32), f"i{name}": np.ones(3, np.int64)}, path)
    shown = HOSTILE[name]
    assert main(["inspect", str(path)]) == 0
    out = capsys.readouterr().out
    assert [line.split("  ")[0] for line in out.splitlines()[1:]] == [f"i{shown}", shown]
    assert all(line.isprintable() for line in out.split("\n"))
    recipe = tmp_path / "zeros.json"
    recipe.write_text('{"rule": [{"pattern": "*", "scheme": "zeros"}]}')
    main(["verify", str(path), "--recipe", str(recipe), "--seed", "1"])
    out = capsys.readouterr().out
    assert shown in out
    assert all(line.isprintable() for line in out.split("\n"))
    recipe.write_text('{"rule": []}')
    sentence = refusal(capsys, "verify", path, "--recipe", recipe, "--seed", 1)
    assert f"no rule matches {shown}" in sentence
    assert sentence[:-1].isprintable()


def test_surrogates_in_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = b'{"w\\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   '
    path = tmp_path / "x.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    recipe = tmp_path / "zeros.json"
    recipe.write_text('{"rule": [{"pattern": "*", "scheme": "zeros"}]}')
    code, out, err = shell(f"fast-init inspect {path}")
    assert (code, out.splitlines()[1].split()[0], err) == (0, "w\\ud800", "")
    assert "it must have an encoding in UTF-8: pass one without surrogates" in refusal(
        capsys, "verify", path, "--recipe", recipe, "--seed", 1
    )


def test_arguments_are_shown_escaped_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere\\x1b[2J\\u202e: No such file" in refusal(capsys, "inspect", "nowhere\x1b[2J\u202e")
    assert "unrecognized arguments: x\\x1b[2J" in refusal(capsys, "info", "x\x1b[2J")
    assert "\\udcff: No such file" in refusal(capsys, "inspect", "\udcff")


def test_a_long_name_does_not_make_every_line_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.safetensors"
    save_file({"w" * 100_000: np.ones(3, np.float32), "v": np.ones(3, np.float32)}, path)
    assert main(["inspect", str(path)]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) < 400
    sentence = refusal(capsys, "inspect", "x" * 100_000)
    assert len(sentence) < 2100
    assert sentence.endswith("x: File name too long; pass another path\n")


def test_what_is_printable_stays() -> None:
    text = "model.layers.0.é\u4e2d\U0001f600 \\ 'a'"
    assert printable(text) == text
    assert printable("abcdef", 4) == "ab...ef"
