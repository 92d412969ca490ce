"""What can be set from outside: one table, from which the environment variables and the flags follow."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from sync_server.errors import StartFault

PORT_MAX = 65_535
HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Setting:
    """One setting; `default` is what README shows, because some defaults follow from other settings."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"MUMEN_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """The flag of every subcommand, which goes before the variable."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def where(self) -> str:
        """Where a person sets it."""
        return f"{self.variable} ({self.flag})"


SETTINGS = (
    Setting("host", "127.0.0.1", "where the server listens, with --lan 0.0.0.0 / 监听地址"),
    Setting("port", "8080", "where the server listens / 端口"),
    Setting("data_dir", "data", "where its files lie / 数据目录"),
    Setting("build_dir", "build", "where the built app and the fonts lie / 构建目录"),
    Setting("database_url", "sqlite:///data/mumen.db", "SQLite or PostgreSQL / 数据库"),
    Setting("public_url", "http://localhost:8080", "what devices call the server; keep it / 设备访问的地址"),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


class SettingWrong(StartFault):
    """A setting that cannot be used; the sentence names it and says what it should be."""

    def __init__(self, where: str, message: str, message_en: str) -> None:
        """Where it is set, and what it must be in both languages."""
        super().__init__(f"{where} {message}", f"{where} {message_en}")


@dataclass(frozen=True)
class Settings:
    """Where the server listens and keeps its files; None is what nobody has set.

    `public_url` is an origin: scheme, host and port, with no slash at its end.
    """

    host: str | None
    port: int
    data_dir: Path
    build_dir: Path
    database_url: str
    public_url: str | None

    @property
    def local_url(self) -> str:
        """What a browser on this machine calls the server."""
        return f"http://localhost:{self.port}"


def read_settings(environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> Settings:
    """The settings as flags give them, by name, else the environment, else their defaults. Raises `SettingWrong`."""

    def text_of(name: str) -> str | None:
        return (flags or {}).get(name) or environment.get(BY_NAME[name].variable) or None

    data_dir = Path(text_of("data_dir") or BY_NAME["data_dir"].default).absolute()
    return Settings(
        host=text_of("host"),
        port=parse_port(text_of("port") or BY_NAME["port"].default),
        data_dir=data_dir,
        build_dir=Path(text_of("build_dir") or BY_NAME["build_dir"].default).absolute(),
        database_url=parse_database_url(text_of("database_url") or f"sqlite:///{data_dir / 'mumen.db'}"),
        public_url=parse_public_url(public_url) if (public_url := text_of("public_url")) else None,
    )


def parse_port(text: str, where: str = BY_NAME["port"].where) -> int:
    """A TCP port. Raises `SettingWrong`."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= PORT_MAX):
        raise SettingWrong(
            where,
            f"要是 1 到 {PORT_MAX} 之间的数字，现在是 {text!r}。",
            f"must be a number from 1 to {PORT_MAX}, not {text!r}.",
        )
    return int(text)


def parse_database_url(text: str) -> str:
    """A database that we can drive, as SQLAlchemy names it. Raises `SettingWrong`, which never shows a password."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise _database_url_wrong() from None
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    is_file = url.drivername == "sqlite" and url.database not in {None, "", ":memory:"} and not url.host
    if not is_file and url.drivername != "postgresql+psycopg":
        raise _database_url_wrong()
    return url.render_as_string(hide_password=False)


def _database_url_wrong() -> SettingWrong:
    shapes = "sqlite:///FILE", "postgresql+psycopg://USER:PASSWORD@HOST/NAME"
    return SettingWrong(
        BY_NAME["database_url"].where, f"要写成 {' 或 '.join(shapes)}。", f"must look like {' or '.join(shapes)}."
    )


def parse_public_url(text: str) -> str:
    """An origin as browsers write it: in small letters, without the scheme's own port. Raises `SettingWrong`."""
    wrong = SettingWrong(
        BY_NAME["public_url"].where,
        f"要写成 https://主机名 或 https://主机名:端口，后面不带路径，现在是 {text!r}。",
        f"must look like https://HOST or https://HOST:PORT with no path behind, not {text!r}.",
    )
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    has_more = parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in DEFAULT_PORTS or has_more or not host or not _is_host(host) or port == 0:
        raise wrong
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else "")


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # Four numbers are always meant as an address, so 300.1.1.1 is not a name.
        return HOST_NAME.fullmatch(host) is not None and not host.rstrip(".").rpartition(".")[2].isdecimal()
    return True
