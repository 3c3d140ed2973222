"""Forms on our pages: what was sent, that it came from one of our pages, what was entered and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from node.store.hub import hub
from node.web.handlers import reading, sent_fields
from node.web.sessions import FORM_FIELD, check_form
from node.wording.language import gettext
from schemas.limits import FORM_ENTRIES
from schemas.problems import Problem

Fields = Mapping[str, Sequence[str]]
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class Form:
    """The fields of a form as a template shows them: values as entered, and sentences about what is wrong."""

    def __init__(self, entered: Fields, problems: Mapping[str, list[str]] | None = None) -> None:
        self.entered = entered
        self.problems = problems or {}

    def value(self, name: str) -> str:
        """What was entered in a field, else nothing."""
        return next(iter(self.entered.get(name, ())), "")

    def values(self, name: str) -> Sequence[str]:
        """What was chosen in a field where several can be."""
        return self.entered.get(name, ())

    def wrong(self, name: str) -> list[str]:
        """What is wrong with a field."""
        return self.problems.get(name, [])

    def wrong_in(self, names: Iterable[str]) -> bool:
        """Whether something is wrong with one of these fields."""
        return any(name in self.problems for name in names)

    def wrong_below(self, base: str) -> bool:
        """Whether something is wrong with a field below this one, such as place.name below place."""
        return any(name.startswith(f"{base}.") for name in self.problems)

    def count(self, base: str) -> int:
        """How many entries a list has whose fields are named base.0.…, base.1.…; one at least."""
        return max(1, counted(self.entered, base))


def counted(entered: Fields, base: str) -> int:
    """How many entries a list has whose fields are named base.0.…, base.1.…; no form has more than some tens."""
    numbers = (name.removeprefix(f"{base}.").partition(".")[0] for name in entered if name.startswith(f"{base}."))
    return min(FORM_ENTRIES, 1 + max((int(one) for one in numbers if one.isdecimal()), default=-1))


def with_problems(entered: Fields, problems: Iterable[Problem], known: Iterable[str], language: str) -> Form:
    """The form again, each problem beside its field: that of the same path, else the field that holds it
    (`reasons.2` stands in `reasons`), else at the top of the form."""
    names, said = set(known), dict[str, list[str]]()
    for one in problems:
        name = one.field
        while name and name not in names:
            name = name.rpartition(".")[0]
        words = gettext(language, one.reason, **one.values)
        if words not in said.setdefault(name, []):
            said[name].append(words)
    return Form(entered, said)


async def posted(request: web.Request) -> MultiDictProxy[str]:
    """The text fields of a form that came from one of our pages; Forbidden for any other (case 130)."""
    fields = await sent_fields(request)
    async with reading(request) as db:
        secret = (await hub.get(db)).secret
    check_form(request, fields, secret)
    return _texts(fields)


async def kept(request: web.Request) -> list[tuple[str, str]]:
    """The text fields of this request's form, for a page that holds them until somebody can send them again."""
    if request.method != "POST" or request.content_type not in FORM_TYPES:
        return []
    return [(name, value) for name, value in _texts(await sent_fields(request)).items() if name != FORM_FIELD]


def entered(fields: MultiDictProxy[str]) -> dict[str, list[str]]:
    """The fields as lists of what was entered, without blanks around and with plain line ends; passwords as typed."""
    return {
        name: [value if name.startswith("password") else _tidy(value) for value in fields.getall(name)]
        for name in dict.fromkeys(fields)
    }


def local_path(wish: str | None, otherwise: str = "/") -> str:
    """A path on this server, for going on after a form: never another server's address (case 136)."""
    path = wish or ""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and path.isprintable()
    return path if fine else otherwise


def _texts(fields: Mapping[str, object]) -> MultiDictProxy[str]:
    """Form fields that are text; files are taken elsewhere."""
    return MultiDictProxy(MultiDict((name, value) for name, value in fields.items() if isinstance(value, str)))


def _tidy(value: str) -> str:
    return value.replace("\r\n", "\n").strip()
