"""The command line. Commands live in `server/commands`; heavy imports happen inside them."""

from __future__ import annotations

import sys

import typer

from leadline.errors import LeadlineError
from server.commands import ask as asking
from server.commands import data, demo, evals, load

app = typer.Typer(
    name="leadline",
    help="Channel intelligence with cited answers. 渠道智能，数字均有出处",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(load.load)
app.add_typer(data.app, name="data")
app.command()(asking.ask)
app.command()(asking.show)
app.command()(asking.replay)
app.command()(asking.trace)
app.add_typer(evals.app, name="eval")
app.command()(demo.demo)


@app.command()
def version() -> None:
    """Print the version. 版本"""
    from leadline import __version__

    typer.echo(__version__)


def main() -> None:
    """Run the command line; errors of ours end in one clear message and their exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except LeadlineError as error:
        typer.secho(f"error: {error}", fg=typer.colors.RED, err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(141)
