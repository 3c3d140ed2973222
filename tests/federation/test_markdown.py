"""Tests of federation/markdown.py: the subset others show, mentions and tags, and nothing that could run."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import sanitise
from federation.markdown import names, render

REL = 'rel="nofollow noopener noreferrer"'
PEOPLE = {
    "bo": ("https://hub.example/@bo", "bo"),
    "cy@other.example": ("https://other.example/@cy", "cy"),
    "dee@127.0.0.1:8081": ("http://127.0.0.1:8081/@dee", "dee"),
}


class Reader(HTMLParser):
    """What a browser would find in HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]


def html(source: str) -> str:
    return render(source, mention=PEOPLE.get, tag=lambda name: f"https://hub.example/tags/{name.lower()}")


def card(url: str, name: str) -> str:
    return f'<span class="h-card"><a href="{url}" class="u-url mention" {REL}>@<span>{name}</span></a></span>'


def tagged(name: str) -> str:
    return f'<a href="https://hub.example/tags/{name.lower()}" class="mention hashtag" {REL}>#<span>{name}</span></a>'


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("", ""),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("# Method", "<h2>Method</h2>"),
        ("## Method", "<h2>Method</h2>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a", "<ol>\n<li>a</li>\n</ol>"),
        ("```\nx < y\n```", "<pre><code>x &lt; y\n</code></pre>"),
        ("[here](https://a.example/x?y=1&z)", f'<p><a href="https://a.example/x?y=1&amp;z" {REL}>here</a></p>'),
        ("see https://a.example/x.", f'<p>see <a href="https://a.example/x" {REL}>https://a.example/x</a>.</p>'),
        ("a\n\n---\n\nb", "<p>a</p>\n<p>---</p>\n<p>b</p>"),
        ("* * *", "<p>***</p>"),
        ("_____", "<p>___</p>"),
        ("![a cat](https://a.example/c.png)", f'<p><a href="https://a.example/c.png" {REL}>a cat</a></p>'),
    ],
)
def test_markdown_becomes_the_html_others_show(source: str, made: str) -> None:
    assert html(source) == made


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,y)",
        "<javascript:alert(1)>",
        '[x](https://a.example/"onclick="alert(1))',
        '[x](https://a.example "a\\" onclick=alert(1)")',
        "<a href='https://a.example' onclick='x()'>y</a>",
        '@bo"><script>',
        "#a<script>",
        '```"><script>\nx\n```',
    ],
)
def test_nothing_that_is_written_becomes_code(source: str) -> None:
    reader = Reader()
    reader.feed(html(source))
    assert reader.tags <= {"p", "a", "pre", "code", "br", "span"}
    assert reader.attributes <= {"href", "rel", "class", "title"}
    assert all(address.startswith("https://") for address in reader.addresses)


@pytest.mark.parametrize(
    "source", ["ftp://a.example", "notes.md", "a.example", "bo@mail.example", "//a.example", "1.2.3.4"]
)
def test_what_is_not_written_as_a_web_address_is_no_link(source: str) -> None:
    assert html(source) == f"<p>{source}</p>"


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("@bo", card("https://hub.example/@bo", "bo")),
        ("(@bo)", f"({card('https://hub.example/@bo', 'bo')})"),
        ("@bo's bench.", f"{card('https://hub.example/@bo', 'bo')}'s bench."),
        ("@bo.", f"{card('https://hub.example/@bo', 'bo')}."),
        ("@cy@other.example, hello", f"{card('https://other.example/@cy', 'cy')}, hello"),
        ("@dee@127.0.0.1:8081", card("http://127.0.0.1:8081/@dee", "dee")),
        ("**@bo**", f"<strong>{card('https://hub.example/@bo', 'bo')}</strong>"),
    ],
)
def test_a_mention_becomes_a_link_to_the_profile(source: str, made: str) -> None:
    assert html(source) == f"<p>{made}</p>"


@pytest.mark.parametrize(
    "source",
    [
        "@nobody",
        "@no@where.example",
        "a@bo",
        "`@bo`",
        "https://a.example/@bo",
        "https://a.example/?to=@bo",
        "/@bo",
        "@@bo",
    ],
)
def test_what_is_no_mention_of_anybody_known_stays_as_it_is(source: str) -> None:
    assert "mention" not in html(source)


@pytest.mark.parametrize(
    ("source", "tag"),
    [
        ("#Repair", "Repair"),
        ("(#repair)", "repair"),
        ("#Énergie!", "Énergie"),
        ("#日本語。", "日本語"),
        ("#a_b", "a_b"),
    ],
)
def test_a_hashtag_becomes_a_link(source: str, tag: str) -> None:
    assert tagged(tag) in html(source)


@pytest.mark.parametrize(
    "source",
    ["#2026", "a#b", "&#35;x", "https://a.example/#frag", "https://a.example/?q=#x", "`#x`", "# x", "##x", "#"],
)
def test_what_is_no_hashtag_stays_as_it_is(source: str) -> None:
    assert "hashtag" not in html(source)


def test_a_link_names_nobody_inside_it() -> None:
    assert html("[@bo #x](https://a.example)") == f'<p><a href="https://a.example" {REL}>@bo #x</a></p>'


def test_the_names_in_a_text_are_found_before_it_is_rendered() -> None:
    found = names("@bo and @cy@other.example, #Repair #2026 `@no #no` [@no](https://a.example) @bo #Repair #wood")
    assert found.handles == ("bo", "cy@other.example")
    assert found.tags == ("Repair", "wood")


def test_rendering_one_text_leaves_nothing_behind_for_the_next() -> None:
    first = html("[bo]: https://a.example\n\n[bo]")
    assert "https://a.example" in first
    assert html("[bo]") == "<p>[bo]</p>"


@given(st.text(alphabet=st.sampled_from("ab@#.:/<>\"'&;()[]!*_~`\\ \n-+=1é日\u202e"), max_size=60))
def test_whatever_is_written_is_safe_and_settled(source: str) -> None:
    made = html(source)
    assert sanitise.html(made).strip() == made
    names(source)


@pytest.mark.parametrize("piece", ["[", "*a_", "> ", "- ", "@a", "#a", "http://", "![[", "[a](b", "@a@b.c ", "_", "a@"])
def test_a_text_made_to_be_slow_is_rendered_in_time(piece: str) -> None:
    assert html(piece * (5000 // len(piece)))
