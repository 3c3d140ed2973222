"""`python -m node` is `allmende`."""

from node.cli import main

main(prog_name="allmende")
