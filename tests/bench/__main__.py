"""`make bench`: start a node, load it from fake hosts on loopback, print what it did and what that cost, write JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec
import uvloop

from tests.bench import figures, report
from tests.bench.figures import Figures
from tests.bench.hosts import hosts
from tests.bench.hubs import HOSTS
from tests.bench.parts import MEASURED, Wishes, measure
from tests.bench.table import show, show_target
from tests.bench.target import Row, Target, against


@click.command()
@click.option("--only", type=click.Choice(list(MEASURED)), multiple=True, help="this part; again for further ones")
@click.option("--count", default=2000, help="activities per inbox load")
@click.option("--followers", default=500, help="of the fan-out")
@click.option("--pages", default=200, help="of each kind that are read")
@click.option("--workers", default=2, help="processes of the node under load")
@click.option("--overload", "overloaded", default=60.0, help="seconds of far too much load")
@click.option("--posts", default=1_000_000, help="the most stored posts of the measurement of growth")
@click.option("--soak", "soaked", default=0.0, help="seconds of half load as well; 600 shows leaks")
@click.option("--json", "file", type=click.Path(path_type=Path), help="keep the figures here, beside others there")
@click.option("--write/--no-write", default=False, help="put tables and plots into PERFORMANCE.md; older parts stay")
@click.option(
    "--target", "address", help="measure another server with a Mastodon API and ActivityPub, at this address, instead"
)
@click.option("--token", default="", help="of an account there: read and write")
@click.option("--pid", type=int, help="its first process, to see what it costs")
@click.option("--database", type=click.Path(path_type=Path), default="/nowhere", help="its PostgreSQL's data folder")
def main(only: tuple[str, ...], file: Path | None, *, write: bool, address: str | None, **wishes: Any) -> None:
    """Measure one node on this machine. Figures are per unit of work; wall times depend on who else is busy."""
    token, pid, database = (wishes.pop(name) for name in ("token", "pid", "database"))
    wanted = Wishes(**wishes)
    if address:
        _show_other(Target(base_url=address, token=token, pid=pid, folder=database), file, wanted)
        return

    def keep(found: Figures) -> None:
        for path in (*([file] if file else []), *([figures.LAST] if write else [])):
            figures.write(path, figures.merged(figures.read(path), found))
        if write:
            report.write(figures.read(figures.LAST))

    parts = only or tuple(part for part in MEASURED if part != "soak" or wanted.soaked)
    if "soak" in parts and not wanted.soaked:
        wanted = msgspec.structs.replace(wanted, soaked=600.0)
    show(uvloop.run(measure(parts, wanted, keep)))


def _show_other(server: Target, file: Path | None, wanted: Wishes) -> None:
    async def measured() -> list[Row]:
        async with hosts(HOSTS) as others:
            return await against(server, others, wanted.count, wanted.followers)

    rows = uvloop.run(measured())
    show_target(rows)
    if file:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(rows)))


if __name__ == "__main__":
    main()
