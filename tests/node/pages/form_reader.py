"""A form as a browser would send it back if nobody touched it."""

from __future__ import annotations

from html.parser import HTMLParser

UNSENT = ("checkbox", "radio")


def fields_of(page: str, action: str = "/edit") -> dict[str, list[str]]:
    """The fields of the form on a page whose address ends so, without the proof that it is ours."""
    reader = _Reader(action)
    reader.feed(page)
    return {name: values for name, values in reader.fields.items() if name != "form_token"}


class _Reader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._action, self._inside = action, False
        self._select = self._text = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self._inside = (given.get("action") or "").endswith(self._action)
        if not self._inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in UNSENT or "checked" in given):
            self.fields.setdefault(name, []).append(value)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (self._select not in self.fields or "selected" in given):
            self.fields[self._select] = [value]
        elif tag == "textarea":
            self._text, self._words = name, []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            self.fields[self._text] = ["".join(self._words).removeprefix("\n")]
            self._text = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False
