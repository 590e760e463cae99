"""The command line. Commands live in `server/commands`; heavy imports happen inside them."""

from __future__ import annotations

import sys

import typer

from leadline.errors import LeadlineError
from server.commands import ask as asking
from server.commands import brief as briefing
from server.commands import data, demo, evals, load, serve, traces
from server.commands import forecast as forecasting

app = typer.Typer(
    name="leadline",
    help="Channel intelligence with cited answers. 渠道智能，数字均有出处",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing help boxes imports a Markdown parser and doubles the start
)
app.command(short_help="Load files by a mapping. 按映射装载文件")(load.load)
app.add_typer(
    data.app, name="data", short_help="What is loaded, bad rows, snapshots. 数据状态、错误行、快照"
)
app.command(short_help="Ask in Chinese or English. 用中文或英文提问")(asking.ask)
app.command(short_help="Print an answer again. 再看一次答案")(asking.show)
app.command(short_help="Run a citation again and compare. 重放引用")(asking.replay)
app.command(short_help="Show how an answer came about. 查看过程")(asking.trace)
app.command(short_help="Forecast the channel, or series of your own. 预测")(forecasting.forecast)
app.command(short_help="Weekly briefs of managers. 渠道周报")(briefing.brief)
app.add_typer(traces.app, name="traces", short_help="Find, export, remove traces. 过程记录")
app.add_typer(evals.app, name="eval", short_help="Golden questions and their gates. 评测")
app.command(short_help="Simulate a channel, load it, ask it. 演示")(demo.demo)
app.command(short_help="Serve the web app and the API. 启动网页与接口服务")(serve.serve)


@app.command(short_help="Print the version. 版本")
def version() -> None:
    """Print the version. 版本."""
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
