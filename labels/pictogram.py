"""The way a door opens, drawn as on a floor plan: the outside is below, the hinge left or right, the leaf ajar at 90°.

Points lie in a unit square, x to the right and y down, so that a PDF and a label printer can draw the same.
"""

import math
from dataclasses import dataclass

from shared.schemas.order import Opening

Point = tuple[float, float]
JAMB = 0.14
_ARC_STEPS = 10


@dataclass(frozen=True)
class OpeningPlan:
    """`walls` and `leaf` are filled rectangles (x, y, width, height), `swing` the way of the leaf's edge."""

    walls: tuple[tuple[float, float, float, float], ...]
    leaf: tuple[float, float, float, float]
    swing: tuple[Point, ...]
    outside: tuple[Point, ...]
    """The viewer: a small triangle on the outside that points at the door."""


def opening_plan(opening: Opening) -> OpeningPlan:
    """The plan of this opening."""
    is_left = opening in {Opening.LEFT_IN, Opening.LEFT_OUT}
    is_inwards = opening in {Opening.LEFT_IN, Opening.RIGHT_IN}
    wall_top = 0.72 if is_inwards else 0.0
    wall_y = wall_top + JAMB / 2
    reach = 1 - 2 * JAMB
    hinge_x, towards = (JAMB, 1) if is_left else (1 - JAMB, -1)
    up = -1 if is_inwards else 1
    angles = [math.pi / 2 * step / _ARC_STEPS for step in range(_ARC_STEPS + 1)]
    swing = tuple((hinge_x + towards * reach * math.cos(a), wall_y + up * reach * math.sin(a)) for a in angles)
    leaf_x = hinge_x if is_left else hinge_x - 0.07
    leaf_y = wall_y - reach if is_inwards else wall_y
    eye_y = wall_top + JAMB + 0.02
    return OpeningPlan(
        walls=((0.0, wall_top, JAMB, JAMB), (1 - JAMB, wall_top, JAMB, JAMB)),
        leaf=(leaf_x, leaf_y, 0.07, reach),
        swing=swing,
        outside=((0.5, eye_y), (0.42, eye_y + 0.12), (0.58, eye_y + 0.12)),
    )
