"""`leadline eval`: golden questions against this build, with gates; runs, feedback, new cases."""

from __future__ import annotations

import typer

from server.commands import eval_cases, eval_run, eval_runs

app = typer.Typer(
    name="eval",
    help="Golden questions, their gates and runs; feedback. 评测与反馈",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command(short_help="Ask the golden questions. 运行评测")(eval_run.run)
app.command("list", short_help="List the runs. 评测记录")(eval_runs.list_runs)
app.command(short_help="Show a run. 查看一次评测")(eval_runs.show)
app.command(short_help="Compare two runs. 比较两次评测")(eval_runs.compare)
app.command(short_help="What readers say of answers. 用户反馈")(eval_cases.feedback)
app.command(short_help="Make a case of an accepted answer. 将答案转为用例")(eval_cases.promote)
app.command(short_help="Write cases for other tools. 导出用例")(eval_cases.export)
