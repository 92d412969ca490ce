"""Pages that are written from the code are current."""

from docs.write_commands import PAGE, commands_page


def test_the_page_of_commands_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == commands_page(), "run: python -m docs.write_commands"
