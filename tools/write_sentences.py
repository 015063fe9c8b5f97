"""Write the table of docs/textbook.md, from half a minute of measuring: python tools/write_sentences.py."""

from __future__ import annotations

from pathlib import Path

from fast_init.study import measure
from fast_init.study.sentences import table_of

PAGE = Path(__file__).parent.parent / "docs" / "textbook.md"
BEGIN, END = "<!-- sentences: begin -->\n", "<!-- sentences: end -->\n"

if __name__ == "__main__":
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}{table_of(measure(0))}{END}{after}", encoding="utf-8")
