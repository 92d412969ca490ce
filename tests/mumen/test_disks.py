"""Simulated disks do what the tests of everything else take for granted."""

from mobile.store import settings
from mobile.store.database import Store
from mumen.simulator.disks import Disk
from mumen.simulator.tablet import empty_image


def test_a_copy_of_a_disk_has_what_was_committed_last() -> None:
    disk = Disk(empty_image())
    settings.set_setting(Store("", disk.engine()), settings.STATION_ID, "cutting")
    copy = Store("", Disk(disk.image()).engine())
    assert settings.get_setting(copy, settings.STATION_ID) == "cutting"
