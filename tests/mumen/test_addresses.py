"""What tablets call the server where nobody has said it: a name that is found, else an address, and what that costs."""

import pytest

from mumen.lan.addresses import choose_origin, lost_address, resolve_by_system
from sync_server.errors import StartFault

ADDRESS = "192.168.1.20"


class TestChooseOrigin:
    @pytest.mark.parametrize(
        ("machine", "found", "origin"),
        [
            ("Mumen-PC", [ADDRESS], "https://mumen-pc.local:8080"),
            ("mumen.factory.example", [ADDRESS], "https://mumen.local:8080"),
            ("mumen", [], f"https://{ADDRESS}:8080"),
            ("mumen", ["127.0.1.1"], f"https://{ADDRESS}:8080"),  # known to this machine alone
            ("mumen", ["192.168.1.77"], f"https://{ADDRESS}:8080"),  # another machine has that name
            ("localhost", [ADDRESS], f"https://{ADDRESS}:8080"),  # what a machine without a name is called
        ],
    )
    def test_is_a_name_only_where_it_leads_here(self, machine: str, found: list[str], origin: str) -> None:
        assert choose_origin(machine, 8080, [ADDRESS], lambda _: found)[0] == origin

    def test_an_address_comes_with_its_price(self) -> None:
        note = choose_origin("mumen", 8080, [ADDRESS], lambda _: [])[1]
        for expected in ("固定", "还没上传的记录", "Reserve", "not sent yet", "--public-url"):
            assert expected in note

    def test_without_a_network_it_asks_for_one(self) -> None:
        with pytest.raises(StartFault, match="--public-url"):
            choose_origin("mumen", 8080, [], lambda _: [])


@pytest.mark.parametrize(
    ("origin", "is_lost"),
    [(f"https://{ADDRESS}:8080", False), ("https://192.168.1.99:8080", True), ("https://mumen.local:8080", False)],
)
def test_an_address_that_this_machine_has_no_more_is_said_to(
    origin: str,
    is_lost: bool,  # noqa: FBT001 - a table
) -> None:
    note = lost_address(origin, [ADDRESS])
    assert ("Reserve 192.168.1.99" in note) is is_lost
    assert bool(note) is is_lost


def test_the_system_resolves_what_it_knows_and_nothing_else() -> None:
    assert "127.0.0.1" in resolve_by_system("localhost")
    assert resolve_by_system("nowhere.invalid") == []
    assert resolve_by_system("a" * 70 + ".local") == []
