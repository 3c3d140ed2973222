"""The production install: its files are valid, name only what exists, and tell the node only settings it knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from node.settings import PREFIX, READERS, load

COMPOSE = Path(__file__).parents[2] / "compose"
ROOT = COMPOSE.parent
DOCKERFILE = COMPOSE / "node.Dockerfile"
FILES = ("compose.yaml", "postgres.yaml", "several.yaml")
NEEDED = {"POSTGRES_PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
"""What is no setting of the node."""

BIN = Path(sys.executable).parent

COPIED = re.compile(r"^COPY (?!--from)(.+) \S+$", re.MULTILINE)
GIVEN = re.compile(rf"\b{PREFIX}(\w+)=(\S*)")
GAP = re.compile(r"\$\{(\w+)(?::\?[^}]*)?\}")
EXAMPLE = re.compile(r"^(?:# )?(\w+)=(.*)$", re.MULTILINE)


def services(name: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(COMPOSE / name)["services"]
    return found


def all_services() -> dict[str, list[dict[str, Any]]]:
    files = [services(name) for name in FILES]
    return {name: [one[name] for one in files if name in one] for name in {name for one in files for name in one}}


def checked(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BIN / program, *arguments], capture_output=True, text=True, check=False)


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    done = checked("hadolint", "--no-color", DOCKERFILE)
    assert (done.stdout, done.returncode) == ("", 0)


def test_hadolint_would_find_something(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python\nRUN cd /tmp && sudo pip install allmende\n")
    assert checked("hadolint", bad).returncode == 1


@pytest.mark.parametrize("name", FILES)
def test_a_compose_file_is_what_the_compose_specification_says(name: str) -> None:
    done = checked("check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE / name)
    assert done.returncode == 0, done.stdout


def test_a_compose_file_with_a_wrong_word_would_be_found(tmp_path: Path) -> None:
    bad = tmp_path / "compose.yaml"
    bad.write_text((COMPOSE / "compose.yaml").read_text().replace("depends_on", "depends_upon"))
    assert checked("check-jsonschema", "--builtin-schema", "vendor.compose-spec", bad).returncode == 1


def test_what_the_dockerfile_copies_is_there() -> None:
    copied = [path for line in COPIED.findall(DOCKERFILE.read_text()) for path in line.split()]
    assert {"requirements-s3.lock", "pyproject.toml", "schemas", "federation", "node", "themes"} <= set(copied)
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_what_the_compose_files_name_is_there() -> None:
    volumes = {name for file in FILES for name in YAML(typ="safe").load(COMPOSE / file).get("volumes", {})}
    known = all_services()
    for parts in known.values():
        for part in parts:
            assert set(part.get("depends_on", ())) <= set(known)
            for volume in part.get("volumes", ()):
                source = volume.split(":")[0]
                assert (COMPOSE / source).exists() if source.startswith(".") else source in volumes
            if build := part.get("build"):
                assert (COMPOSE / build["context"] / build["dockerfile"]).samefile(DOCKERFILE)


def test_each_service_starts_again_and_nothing_but_the_proxy_is_open_to_the_world() -> None:
    for name, parts in all_services().items():
        assert {"unless-stopped"} == {part["restart"] for part in parts if "restart" in part}
        assert name == "proxy" or not any("ports" in part for part in parts)


def test_the_node_understands_the_settings_of_the_image_and_of_the_compose_files() -> None:
    given = {PREFIX + name: value for name, value in GIVEN.findall(DOCKERFILE.read_text())}
    for part in (*all_services()["node"], *all_services()["worker"]):
        given |= {name: GAP.sub("secret", value) for name, value in part.get("environment", {}).items()}
    assert given[f"{PREFIX}DATA"] == "/data"
    settings = load(given)
    assert settings.listen_port == 8080
    assert settings.trusted_proxies


def test_those_who_work_apart_are_told_what_those_are_who_answer() -> None:
    told = {
        name: {key: value for part in all_services()[name] for key, value in part.get("environment", {}).items()}
        for name in ("node", "worker")
    }
    assert told["worker"] == {key: value for key, value in told["node"].items() if key != f"{PREFIX}TRUSTED_PROXIES"}
    files = [{file for part in all_services()[name] for file in part.get("env_file", ())} for name in told]
    assert files == [{".env"}, {".env"}]


def test_the_node_understands_each_line_of_env_example() -> None:
    lines = EXAMPLE.findall((COMPOSE / "env.example").read_text())
    assert len(lines) >= 4
    for name, value in lines:
        assert name in NEEDED or name.removeprefix(PREFIX).lower() in READERS
        load({name: value})


def test_what_the_operator_must_set_is_in_env_example_or_explained_where_it_is_missing() -> None:
    needed = {name for file in FILES for name in re.findall(r"\$\{(\w+):\?[^}]+\}", (COMPOSE / file).read_text())}
    asked = set(GAP.findall("".join((COMPOSE / file).read_text() for file in FILES)))
    assert asked == needed == {"ALLMENDE_BASE_URL", "POSTGRES_PASSWORD"}
    named = {name for name, _ in EXAMPLE.findall((COMPOSE / "env.example").read_text())}
    assert needed <= named
