"""Examples for OpenAPI: one question on the simulated channel and what came of it."""

from __future__ import annotations

from typing import Any, Final

QUESTIONS: Final[list[dict[str, Any]]] = [
    {"question": "2025年各大区销售额占比"},
    {"question": "what about last year?", "conversation_id": "5f0c9a4e7d214b36"},
]

CITATION: Final[dict[str, Any]] = {
    "id": "b2f0c4d19a7e4c03a5d1-1",
    "number": 1,
    "tool": "query",
    "spec": {
        "metrics": ["amount"],
        "time": {"start": "2025-01-01", "end_excl": "2026-01-01", "label": "2025 年"},
    },
    "snapshot": 1,
    "model_version": "4c1f0e2ab9d7",
    "scope_hash": "all",
    "columns": [
        {
            "name": "amount",
            "unit": "money",
            "label": {"zh": "销售额", "en": "Sales"},
            "currency": "CNY",
        }
    ],
    "rows": [[610000.0]],
    "row_count": 1,
    "truncated": False,
}

ANSWER: Final[dict[str, Any]] = {
    "id": "b2f0c4d19a7e4c03a5d1",
    "answer_id": "b2f0c4d19a7e4c03a5d1",
    "conversation_id": "5f0c9a4e7d214b36",
    "question": "2025年销售额",
    "status": "answered",
    "text": "2025 年销售额为 61 万元 [1]。",
    "language": "zh",
    "label": "已认证",
    "reading": "2025 年 = 2025-01-01 … 2025-11-20",
    "citations": [CITATION],
    "options": [],
    "followups": ["同比呢？", "按大区看呢？"],
    "chart": None,
    "figures": [{"start": 11, "end": 16, "citation": 1, "row": 0, "column": "amount"}],
    "planning": {
        "planner": "rules",
        "fallback": None,
        "fallback_text": None,
        "model": None,
        "prompt_hash": None,
        "llm_calls": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "cost": None,
        "currency": None,
        "llm_ms": 0.0,
    },
    "snapshot": 1,
    "as_of": "2025-11-20",
    "latency_ms": 18.4,
    "trace_id": "0af7651916cd43dd8448eb211c80319c",
    "created_at": None,
}

EVENTS: Final = """\
event: accepted
data: {"answer_id":"b2f0c4d19a7e4c03a5d1","conversation_id":"5f0c9a4e7d214b36",\
"trace_id":"0af7651916cd43dd8448eb211c80319c","question":"2025年销售额","snapshot":1,\
"as_of":"2025-11-20"}

event: plan
data: {"planner":"rules","kind":"query","reading":"2025 年 = 2025-01-01 … 2025-11-20",\
"steps":[{"tool":"query","arguments":{"metrics":["amount"]}}]}

event: tool_call
data: {"call":1,"tool":"query","arguments":{"metrics":["amount"]},\
"label":{"zh":"查询数据","en":"Query"}}

event: tool_result
data: {"call":1,"tool":"query","row_count":1,"truncated":false,"duration_ms":6.1,"error":null}

event: citation
data: {"id":"b2f0c4d19a7e4c03a5d1-1","number":1,"…":"as in the answer"}

event: text
data: {"delta":"2025 年销售额为 61 万元 [1]。"}

event: answer
data: {"id":"b2f0c4d19a7e4c03a5d1","…":"the whole answer, which counts"}

event: done
data: {}

"""

BRIEF: Final[dict[str, Any]] = {
    "brief_id": "b4b1f6f0c2d9e8a7b6c5",
    "manager": "huadong",
    "label": "huadong（华东）",
    "week": "2026-W27",
    "first_day": "2026-06-29",
    "last_day": "2026-07-05",
    "partial": False,
    "language": "zh",
    "snapshot": 1,
    "as_of": "2026-07-05",
    "created_at": "2026-07-06T00:30:00Z",
    "markdown": "# 渠道周报 · huadong（华东） · 2026-W27\n\n本周销售额 165.74万元 [1]。\n",
    "html": '<!doctype html><html lang="zh-CN"><body>…</body></html>',
    "citations": [
        {
            "number": 1,
            "id": "t88d3eda501a83f12a6fa864aa1df8ca",
            "tool": "query",
            "digest": "0f" * 32,
        }
    ],
    "digest": "1a" * 32,
}
