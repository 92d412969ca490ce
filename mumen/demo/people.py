"""The demo factory's people. Their PIN and password are printed, so they protect nothing."""

import hashlib
from collections.abc import Callable

from argon2 import PasswordHasher

from shared.label_code import CodeKind
from shared.rules.decision import Mint
from shared.schemas.people import Person, PinHash, Role

DEMO_PIN = "2468"
DEMO_PASSWORD = "mumen-demo"  # noqa: S105 - a demo's password is meant to be known
PIN_ITERATIONS = 100_000
SALT_BYTES = 16
OFFICE_ROLES = frozenset({Role.CLERK, Role.REVIEWER, Role.PLANNER, Role.FINANCE, Role.MANAGER, Role.TEAM_LEADER})
PEOPLE = (
    ("1001", "张伟", Role.OPERATOR),
    ("1002", "李强", Role.OPERATOR),
    ("1003", "王磊", Role.OPERATOR),
    ("1004", "刘洋", Role.OPERATOR),
    ("1005", "陈勇", Role.OPERATOR),
    ("1006", "杨秀英", Role.OPERATOR),
    ("1007", "赵桂兰", Role.OPERATOR),
    ("2001", "周敏", Role.INSPECTOR),
    ("3001", "黄涛", Role.TEAM_LEADER),
    ("4001", "吴刚", Role.STOREKEEPER),
    ("5001", "徐静", Role.CLERK),
    ("5002", "孙丽", Role.REVIEWER),
    ("5003", "马超", Role.PLANNER),
    ("9001", "陈静", Role.MANAGER),
)


def make_people(site_id: str, mint: Mint, random_bits: Callable[[int], int]) -> list[Person]:
    """Everybody, with a PIN for the floor and, for those with a desk, a password."""
    return [_person(site_id, mint, random_bits, *entry) for entry in PEOPLE]


def hash_pin(pin: str, salt: bytes) -> PinHash:
    """The PIN as devices check it."""
    digest = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, PIN_ITERATIONS)
    return PinHash(salt=salt.hex(), digest=digest.hex(), iterations=PIN_ITERATIONS)


def _person(site_id: str, mint: Mint, random_bits: Callable[[int], int], number: str, name: str, role: Role) -> Person:
    salt = random_bits(SALT_BYTES * 8).to_bytes(SALT_BYTES, "big")
    return Person(
        id=mint.new_id(),
        site_id=site_id,
        number=number,
        name=name,
        roles=[role],
        pin=hash_pin(DEMO_PIN, salt),
        badge_code=mint.new_code(CodeKind.WORKER),
        password_hash=PasswordHasher().hash(DEMO_PASSWORD, salt=salt) if role in OFFICE_ROLES else None,
    )
