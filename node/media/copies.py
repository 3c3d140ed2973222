"""Which smaller copies are made of a picture, for browsers to choose from: by where it came from and for what it is."""

from __future__ import annotations

import msgspec

from schemas.limits import COPY_WIDTHS, COPY_WIDTHS_ICON, COPY_WIDTHS_REMOTE, SIDE_BANNER, SIDE_ICON


class Copies(msgspec.Struct, frozen=True, kw_only=True):
    """`widths` in pixels; `avif`: as AVIF beside WebP."""

    widths: tuple[int, ...] = ()
    avif: bool = False


NO_COPIES = Copies()


def copies_for(side: int, *, remote: bool = False) -> Copies:
    """Those of a picture whose longer side is at most `side`: an avatar, a banner, any other. What other servers show
    is fetched by the hundred: it gets as few as will do."""
    if side <= SIDE_ICON:
        return Copies(widths=COPY_WIDTHS_ICON) if side == SIDE_ICON else NO_COPIES
    if remote:
        return Copies(widths=COPY_WIDTHS_REMOTE) if side > SIDE_BANNER else NO_COPIES
    return Copies(widths=COPY_WIDTHS, avif=True)
