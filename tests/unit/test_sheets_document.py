"""The page about the sheets says what the tables say."""

from pathlib import Path

from api.imports.document import document

PAGE = Path(__file__).parents[2] / "docs" / "sheets.md"


def test_the_page_is_the_one_the_tables_write():
    assert PAGE.read_text(encoding="utf-8") == document(), "python -m api.imports.document > docs/sheets.md"
