"""Pages that are written from the code, or that list others, are current."""

from pathlib import Path

from docs.write_commands import PAGE, commands_page

DECISIONS = Path(__file__).resolve().parents[2] / "docs/decisions"


def test_the_page_of_commands_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == commands_page(), "run: python -m docs.write_commands"


def test_the_list_of_decisions_has_every_record_by_its_number_and_title() -> None:
    index = (DECISIONS / "README.md").read_text(encoding="utf-8").splitlines()
    records = sorted(DECISIONS.glob("[0-9]*.md"))
    titles = [record.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for record in records]
    assert [title.partition(".")[0] for title in titles] == [str(n) for n in range(1, len(records) + 1)]
    listed = [f"- [{title}]({record.name})" for record, title in zip(records, titles, strict=True)]
    assert [line for line in index if line.startswith("- ")] == listed
