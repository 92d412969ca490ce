"""What can be set from outside: environment variables, which the flags of the command line override."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PORT_DEFAULT = 8080
PORT_MAX = 65_535


class SettingWrong(ValueError):  # noqa: N818 - named as the other faults are
    """A setting that cannot be used; the sentence says which and why."""


@dataclass(frozen=True)
class Settings:
    """Where the server listens and keeps its files; `public_url` is what devices call it, with no slash at its end."""

    host: str
    port: int
    data_dir: Path
    build_dir: Path
    database_url: str
    public_url: str


def read_settings(environment: Mapping[str, str], host: str | None = None, port: int | None = None) -> Settings:
    """The settings: MUMEN_HOST, _PORT, _DATA_DIR, _BUILD_DIR, _DATABASE_URL, _PUBLIC_URL, and flags above them."""
    chosen_port = port if port is not None else _port(environment.get("MUMEN_PORT", str(PORT_DEFAULT)))
    data_dir = Path(environment.get("MUMEN_DATA_DIR", "data")).absolute()
    public_url = environment.get("MUMEN_PUBLIC_URL", f"http://localhost:{chosen_port}").rstrip("/")
    if not public_url.startswith(("http://", "https://")):
        raise SettingWrong(f"MUMEN_PUBLIC_URL must begin with http:// or https://, not {public_url!r} / 地址不对")
    return Settings(
        host=host or environment.get("MUMEN_HOST", "127.0.0.1"),
        port=chosen_port,
        data_dir=data_dir,
        build_dir=Path(environment.get("MUMEN_BUILD_DIR", "build")).absolute(),
        database_url=environment.get("MUMEN_DATABASE_URL", f"sqlite:///{data_dir / 'mumen.db'}"),
        public_url=public_url,
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= PORT_MAX:
        raise SettingWrong(f"MUMEN_PORT must be a number from 1 to {PORT_MAX}, not {text!r} / 端口不对")
    return int(text)
