"""The settings: one table behind variables, flags and README, and a sentence in two languages for silly values."""

import re
from pathlib import Path

import pytest

from benchmarks.browsing.serving import free_port
from mumen.cli import COMMANDS, main, make_parser
from mumen.commands.command import Command
from mumen.settings import SETTINGS, Setting, SettingWrong, parse_database_url, parse_public_url, read_settings

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
OTHER = {
    "host": "10.0.0.1",
    "port": "9000",
    "data_dir": "/srv/mumen",
    "build_dir": "/srv/built",
    "database_url": "postgresql+psycopg://mumen:secret@db/mumen",
    "public_url": "https://mumen.example",
}
"""For each setting a value that is not its default."""

NO_PART = Command("", "")
NEEDED = {"labels verify": ["labels.pdf"], "labels test-printer": ["printer"], "restore": ["backup.zip"]}
"""What a command has to be told besides."""

TYPED = [f"{command.name} {part.name}".strip() for command in COMMANDS for part in command.parts or (NO_PART,)]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
class TestEachSetting:
    def test_is_read_from_its_variable(self, setting: Setting) -> None:
        found = read_settings({setting.variable: OTHER[setting.name]})
        assert str(getattr(found, setting.name)) == OTHER[setting.name]

    def test_is_read_from_its_flag_before_its_variable(self, setting: Setting) -> None:
        found = read_settings({setting.variable: "not this"}, {setting.name: OTHER[setting.name]})
        assert str(getattr(found, setting.name)) == OTHER[setting.name]

    @pytest.mark.parametrize("command", TYPED)
    def test_is_a_flag_of_every_command(self, setting: Setting, command: str) -> None:
        typed = [*command.split(), *NEEDED.get(command, []), setting.flag, OTHER[setting.name]]
        chosen = make_parser().parse_args(typed)
        assert getattr(chosen, setting.name) == OTHER[setting.name]

    @pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
    def test_stands_in_the_readme_with_its_default(self, setting: Setting, readme: str) -> None:
        row = f"| `{setting.variable}` | `{setting.flag}` | `{setting.default}` |"
        assert row in (ROOT / readme).read_text(encoding="utf-8")


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readme_names_nothing_that_there_is_not(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert set(re.findall(r"MUMEN_[A-Z_]+", text)) <= {setting.variable for setting in SETTINGS}
    known = {command.name for command in COMMANDS}
    assert set(re.findall(r"`mumen ([a-z][a-z-]*)", text)) <= known
    listed = re.search(r"`mumen --help`[^:：]*[:：](.*?)[。.]", text, re.DOTALL)
    assert listed
    assert set(re.findall(r"`([a-z-]+)`", listed[1])) == known


def test_the_defaults_are_those_of_the_readme() -> None:
    found = read_settings({})
    defaults = {setting.name: setting.default for setting in SETTINGS}
    assert (found.host, str(found.port)) == (None, defaults["port"])
    assert (found.data_dir, found.build_dir) == (Path(defaults["data_dir"]).absolute(), Path("build").absolute())
    assert found.database_url == f"sqlite:///{Path('data/mumen.db').absolute()}"
    assert (found.public_url, found.local_url) == (None, defaults["public_url"])


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert read_settings({"MUMEN_PORT": "", "MUMEN_PUBLIC_URL": ""}) == read_settings({})


@pytest.mark.parametrize(
    ("flag", "wrong"),
    [
        ("--port", "0"), ("--port", "65536"), ("--port", "http"), ("--port", "８０８０"),
        ("--public-url", "mumen.lan"), ("--public-url", "ftp://mumen.lan"), ("--public-url", "https://mumen.lan/app"),
        ("--public-url", "https://mumen.lan?x=1"), ("--public-url", "https://me@mumen.lan"),
        ("--public-url", "https://"), ("--public-url", "https://mumen lan"), ("--public-url", "https://mumen.lan:x"),
        ("--public-url", "https://300.1.1.1"), ("--public-url", "https://[::1"),
        ("--database-url", "mumen.db"), ("--database-url", "mysql://me:secret@db/mumen"),
        ("--database-url", "sqlite://"), ("--database-url", "sqlite:///:memory:"),
        ("--database-url", "postgresql+psycopg://me:secret@db:http/mumen"),
        ("--database-url", "postgresql+psycopg://me:secret@127.0.0.1:1/mumen"),
        ("--data-dir", "/proc"), ("--data-dir", __file__), ("--data-dir", f"{__file__}/data"),
        ("--database-url", f"sqlite:///{__file__}"), ("--database-url", f"sqlite:///{__file__}/mumen.db"),
        ("--host", "nowhere.invalid"), ("--host", "192.0.2.1"),
    ],
)  # fmt: skip
def test_a_silly_value_is_named_in_two_languages(
    flag: str, wrong: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = {"--data-dir": str(tmp_path), "--port": str(free_port())}
    assert main(["serve", *(part for pair in (sound | {flag: wrong}).items() for part in pair)]) == 1
    zh, en = capsys.readouterr().err.removeprefix("mumen: ").splitlines()
    assert CHINESE.search(zh)
    assert not CHINESE.search(en.replace(wrong, ""))
    for line in (zh, en):
        assert "secret" not in line
        assert f"MUMEN_{flag[2:].upper().replace('-', '_')}" in line


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("HTTPS://Mumen.Example/", "https://mumen.example"),
        ("https://mumen.example:443", "https://mumen.example"),
        ("http://mumen.example:443", "http://mumen.example:443"),
        ("https://192.168.1.20:8080", "https://192.168.1.20:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(given: str, origin: str) -> None:
    assert parse_public_url(given) == origin


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_means_the_driver_that_is_installed(scheme: str) -> None:
    assert parse_database_url(f"{scheme}://me:secret@db/mumen") == "postgresql+psycopg://me:secret@db/mumen"


def test_a_wrong_connect_port_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--lan", "--data-dir", str(tmp_path), "--port", "65535"]) == 1
    assert "--connect-port" in capsys.readouterr().err


def test_a_setting_says_where_it_is_set() -> None:
    with pytest.raises(SettingWrong, match=r"MUMEN_PORT \(--port\)"):
        read_settings({"MUMEN_PORT": "http"})
