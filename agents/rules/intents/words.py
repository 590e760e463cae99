"""Words that several families understand beside their own."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from agents.rules.words import WORDS, Word, written

SHARED: tuple[Word, ...] = (
    *written("aid", "accuracy", r"准不准|准确(?:率|度|吗|性)?|准吗|有多准|误差(?:率)?|靠谱吗|可靠吗|靠不靠谱|偏差",
             "accura(?:te|cy)|how good|reliab(?:le|ility)|(?:forecast )?errors?|how far off|how well|on the mark"),
    *written("aid", "model", r"模型|算法", "models?|algorithm"),
    *written("aid", "future", r"会不会|会(?:有)?(?=流失|缺货|断货|积压)|快要?|即将|将要?|可能|容易|最(?=容易|可能|有可能)|有可能",
             "will|likely(?: to)?|about to|going to|might|may|could|soon|probably|prone to|most(?= likely| at risk)"),
    *written("aid", "signs", r"嫌疑|迹象|行为|苗头|疑似|存在", "signs?(?: of)?|evidence of|suspect(?:ed|s)?|suspicion(?: of)?|seem to be|appears? to be|indications? of"),
    *written("aid", "advice", r"建议|方案|计划|应该?|该", "suggest(?:ed|ion|ions)?|plan|recommend(?:ed|ation|ations)?|should"),
    *written("aid", "severity", r"程度|得分|等级|名单|清单", "scores?|levels?|degree"),
    *written("stop", "", r"给出|出具|做个|做一个|制定|一份|一张|列(?=\d)|的话", "draw up|come up with|else"),
)  # fmt: skip

HEADS_OF_QUERIES = frozenset({"tool"})


def general_words() -> tuple[Word, ...]:
    """The words of all questions, without those that only mark a tool's."""
    return tuple(word for word in WORDS if word.kind not in HEADS_OF_QUERIES)
