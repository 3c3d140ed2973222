"""Themes: file by file over commons, for light and dark."""

from __future__ import annotations

from pathlib import Path

from node.theming import theme
from schemas.look import Look

CARD = 'name = "ours"\nstyles = ["ours.css"]\ncolour_light = "#ffffff"\n'


def dropped(data: Path, place: str) -> Path:
    folder = data / place
    (folder / "static").mkdir(parents=True)
    (folder / "theme.toml").write_text(CARD)
    (folder / "static" / "ours.css").write_text("main { color: red }")
    return folder


def test_a_theme_dropped_into_the_data_can_be_chosen(folder: Path) -> None:
    ours = dropped(folder, "themes/anything")
    assert theme.chosen(folder, Look(theme="ours")) == (ours, theme.COMMONS)
    assert theme.chosen(folder, Look()) == (theme.COMMONS,)
    found = theme.Theme((ours, theme.COMMONS))
    assert found.by_name["style.css"].body.endswith(b"main { color: red }")
    assert (found.colour("colour_light"), found.colour("colour_dark")) == ("#ffffff", "#141a16")
    assert found.by_name["logo.svg"].body == (theme.COMMONS / "static/logo.svg").read_bytes()


def test_the_only_theme_of_a_hub_stands_for_the_usual_one(folder: Path) -> None:
    ours = dropped(folder, "theme")
    assert theme.chosen(folder, Look()) == (ours, theme.COMMONS)
    assert theme.chosen(folder, Look(theme="gone")) == (ours, theme.COMMONS)


def test_the_second_theme_overrides_what_differs_and_takes_the_rest_from_commons() -> None:
    example = theme.COMMONS.parent / "example-coop"
    found, plain = theme.Theme((example, theme.COMMONS)), theme.Theme((theme.COMMONS,))
    style = found.by_name["style.css"].body.decode()
    assert style.startswith(plain.by_name["style.css"].body.decode())
    assert theme.both_schemes((example / "static" / "coop.css").read_text()) in style
    assert found.asset("icons.svg") == plain.asset("icons.svg")
    assert found.colour("colour_light") != plain.colour("colour_light")


def test_rules_for_the_dark_follow_the_device_and_the_reader() -> None:
    css = theme.both_schemes(
        "a { b: c }\n@media (prefers-color-scheme: dark) { :root { --x: 1; } .a, .b { c: d } }\n.z {}"
    )
    assert css == (
        'a { b: c }\n@media (prefers-color-scheme: dark) {:root:not([data-scheme="light"]) { --x: 1; }'
        ':root:not([data-scheme="light"]) .a, :root:not([data-scheme="light"]) .b { c: d } }\n'
        ':root[data-scheme="dark"] { --x: 1; }:root[data-scheme="dark"] .a, :root[data-scheme="dark"] .b { c: d } '
        "\n.z {}"
    )


def test_no_dark_rule_of_ours_is_missed() -> None:
    for name in theme.folders(Path("/nowhere")).values():
        css = theme.load(name)[0].by_name["style.css"].body.decode()
        assert css.count("prefers-color-scheme") == css.count('{:root:not([data-scheme="light"])')
