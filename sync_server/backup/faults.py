"""Why a backup was not written, or not restored; each says what to do, in both languages.

StartFault
└── BackupFault
    ├── NothingToBackUp     there is no database
    ├── NoRoom              the disk is full; no half file is left
    ├── BackupDamaged       the file is not what was written
    ├── BackupNewer         a newer program wrote it
    ├── NotEmpty            the database that is to be filled holds something
    └── ServerRuns          a server uses the database
"""

from sync_server.errors import StartFault


class BackupFault(StartFault):
    """A backup was not written or not restored; nothing was changed."""


class NothingToBackUp(BackupFault):
    """There is no database here."""

    def __init__(self) -> None:
        """Says so."""
        super().__init__("这里还没有数据库，没有可备份的。", "There is no database here yet, nothing to back up.")


class NoRoom(BackupFault):
    """The disk is full."""


class BackupDamaged(BackupFault):
    """The file is not what was written, or no backup at all."""

    def __init__(self, where: str) -> None:
        """Which part of the file is wrong."""
        super().__init__(
            f"备份文件不完整或已损坏（{where}），没有改动任何数据。请换一个备份。",
            f"The backup is incomplete or damaged ({where}). Nothing was changed; use another backup.",
        )


class BackupNewer(BackupFault):
    """A newer program wrote the backup."""

    def __init__(self, version: str) -> None:
        """Of which version it is."""
        super().__init__(
            f"这个备份由更新的程序写成（{version}），请先更新 mumen。没有改动任何数据。",
            f"A newer program wrote this backup ({version}); update mumen first. Nothing was changed.",
        )


class NotEmpty(BackupFault):
    """The database holds something already."""

    def __init__(self) -> None:
        """Says how to replace it."""
        super().__init__(
            "数据库里已经有数据，没有恢复。要用备份替换它，请加 --replace（原来的会另外保存）。",
            "The database holds data already; nothing was restored. To replace it, add --replace (what is there now "
            "is kept beside it).",
        )


class ServerRuns(BackupFault):
    """A server uses the database that is to be replaced."""

    def __init__(self) -> None:
        """Says to stop it."""
        super().__init__(
            "服务器正在运行，没有恢复。请先停掉所有 mumen serve，再恢复。",
            "A server is running; nothing was restored. Stop every `mumen serve` first.",
        )
