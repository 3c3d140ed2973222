"""What helps people to get into a place and to take part there, and how it is called in the form and on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from schemas.reasons import msgid

AccessFeature = Literal[
    "step_free",
    "partly_step_free",
    "lift",
    "accessible_toilet",
    "parking",
    "hearing_loop",
    "tactile_guidance",
    "assistance_dogs",
    "quiet_room",
    "changing_table",
]

LABELS: Mapping[AccessFeature, str] = {
    "step_free": msgid("No steps from the street to the room"),
    "partly_step_free": msgid("No steps to some of the rooms"),
    "lift": msgid("A lift to all floors that are used"),
    "accessible_toilet": msgid("A toilet for wheelchair users"),
    "parking": msgid("Parking for disabled people near the door"),
    "hearing_loop": msgid("A hearing loop"),
    "tactile_guidance": msgid("Guidance for blind people, to touch or to hear"),
    "assistance_dogs": msgid("Assistance dogs are welcome"),
    "quiet_room": msgid("A quiet room to withdraw to"),
    "changing_table": msgid("A place to change nappies"),
}
"""Each feature in words; the order is that of lists."""
