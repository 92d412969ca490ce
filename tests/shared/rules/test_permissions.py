"""The one table of rights."""

import pytest

from shared.rules.permissions import RIGHTS, Right, may
from shared.schemas.commands import COMMAND
from shared.schemas.people import Role


class TestMay:
    @pytest.mark.parametrize(
        ("roles", "right", "expected"),
        [
            ([], Right.REPORT_SCAN, False),
            ([Role.OPERATOR], Right.COMPLETE_OPERATION, True),
            ([Role.OPERATOR], Right.RECORD_INSPECTION, False),
            ([Role.INSPECTOR], Right.RECORD_INSPECTION, True),
            ([Role.OPERATOR, Role.INSPECTOR], Right.RECORD_INSPECTION, True),
            ([Role.CLERK], Right.PLACE_ORDER, True),
            ([Role.CLERK], Right.RELEASE_ORDER, False),
            ([Role.REVIEWER], Right.RELEASE_ORDER, True),
            ([Role.OPERATOR], Right.SEE_CUSTOMERS, False),
            ([Role.DEALER], Right.SEE_OFFICE, False),
            ([Role.PURCHASER], Right.SEE_CUSTOMERS, False),
            ([Role.TEAM_LEADER], Right.SEE_CUSTOMERS, False),
            ([Role.TEAM_LEADER], Right.SEE_LABELS, True),
            ([Role.PURCHASER], Right.SEE_LABELS, False),
            ([Role.PURCHASER, Role.CLERK], Right.SEE_CUSTOMERS, True),
            ([Role.MANAGER], Right.INVITE_DEVICE, True),
        ],
    )
    def test_follows_the_table(self, roles: list[Role], right: Right, expected: bool) -> None:  # noqa: FBT001
        assert may(roles, right) is expected


class TestRights:
    def test_every_role_has_a_line(self) -> None:
        assert set(RIGHTS) == set(Role)

    def test_every_command_is_a_right(self) -> None:
        schema = COMMAND.json_schema()
        commands = set(schema["discriminator"]["mapping"])
        assert commands
        assert commands <= {right.value for right in Right}

    @pytest.mark.parametrize("right", [Right.PLACE_ORDER, Right.REVISE_ORDER])
    def test_whoever_fills_in_an_order_may_know_whose_it_is(self, right: Right) -> None:
        assert all(may([role], Right.SEE_CUSTOMERS) for role in Role if may([role], right))

    def test_whatever_is_seen_in_the_office_needs_the_office(self) -> None:
        seen = (Right.SEE_CUSTOMERS, Right.SEE_LABELS, Right.SEE_DEVICES, Right.IMPORT_OUTBOX)
        assert all(may([role], Right.SEE_OFFICE) for role in Role for right in seen if may([role], right))
