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
