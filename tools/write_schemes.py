"""Write the tables of docs/schemes.md: python tools/write_schemes.py."""

from __future__ import annotations

from pathlib import Path

from catalogue import written

PAGE = Path(__file__).parent.parent / "docs" / "schemes.md"

if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
