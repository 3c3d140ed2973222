"""Our own emoji in what we send: the tags by which other servers find their pictures (FEP-9098)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from federation.build.urls import Urls
from node.store.db import Db
from node.store.files import emojis
from schemas.limits import READ_EMOJI

_CODES = re.compile(r":(?<![A-Za-z0-9_:]:)([A-Za-z0-9_]{1,64}):(?![A-Za-z0-9_:])")
_SPOKEN = ("name", "summary", "content", "nameMap", "summaryMap", "contentMap")


async def with_emojis(db: Db, urls: Urls, document: dict[str, Any]) -> dict[str, Any]:
    """The document of something of ours, with a tag for each emoji of ours that stands in its texts."""
    codes = list(dict.fromkeys(code for text in _texts(document) for code in _CODES.findall(text)))[:READ_EMOJI]
    known = await emojis.find_many(db, {(code, "") for code in codes}) if codes else {}
    if not known:
        return document
    tags = [_tag(urls, code, known[code, ""].path) for code in codes if (code, "") in known]
    return {**document, "tag": [*document.get("tag", []), *tags]}


def _tag(urls: Urls, code: str, path: str) -> dict[str, Any]:
    address, ending = urls.media(path), path.rpartition(".")[2].replace("jpg", "jpeg")
    icon = {"type": "Image", "mediaType": f"image/{ending}", "url": address}
    return {"type": "Emoji", "id": address, "name": f":{code}:", "icon": icon}


def _texts(document: dict[str, Any]) -> Iterator[str]:
    for name in _SPOKEN:
        said = document.get(name)
        if isinstance(said, dict):
            yield from (str(one) for one in said.values())
        elif isinstance(said, str):
            yield said
