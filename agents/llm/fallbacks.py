"""What a reader is told where the language model could not do its part. One row per code."""

from __future__ import annotations

from agents.rules.draft import Note

FALLBACKS: dict[str, Note] = {
    "not_configured": Note(
        "未配置语言模型，由规则规划器回答", "no language model is configured; the rules answered"
    ),
    "unreachable": Note(
        "连不上语言模型，由规则规划器回答", "the language model is out of reach; the rules answered"
    ),
    "timeout": Note(
        "语言模型超时，由规则规划器回答", "the language model was too slow; the rules answered"
    ),
    "rate_limited": Note(
        "语言模型限流，由规则规划器回答", "the language model is rate limited; the rules answered"
    ),
    "server_error": Note(
        "语言模型服务出错，由规则规划器回答",
        "the language model's server failed; the rules answered",
    ),
    "not_allowed": Note(
        "语言模型拒绝了访问凭据，由规则规划器回答",
        "the language model refused the credentials; the rules answered",
    ),
    "bad_reply": Note(
        "语言模型的回复无法解析，由规则规划器回答",
        "the language model's reply could not be read; the rules answered",
    ),
    "cut_off": Note(
        "语言模型的回复不完整，由规则规划器回答",
        "the language model's reply was cut off; the rules answered",
    ),
    "bad_request": Note(
        "语言模型服务不接受请求，由规则规划器回答",
        "the language model's server rejected the request; the rules answered",
    ),
    "invalid_plan": Note(
        "语言模型的查询不成立，由规则规划器回答",
        "the language model's queries do not hold; the rules answered",
    ),
    "no_evidence": Note(
        "语言模型没有查询数据，由规则规划器回答",
        "the language model fetched no evidence; the rules answered",
    ),
    "loop": Note(
        "语言模型反复查询没有结论，由规则规划器回答",
        "the language model went in circles; the rules answered",
    ),
    "filtered": Note(
        "语言模型拒绝回答，由规则规划器回答", "the language model declined; the rules answered"
    ),
    "too_long": Note(
        "对话超出语言模型的长度，由规则规划器回答",
        "the conversation is too long for the language model; the rules answered",
    ),
    "unverified": Note(
        "语言模型的文字未通过核对，改用固定措辞",
        "the language model's wording failed verification; fixed wording is used instead",
    ),
    "failed": Note(
        "语言模型这一路出错，由规则规划器回答",
        "the language model's path failed; the rules answered",
    ),
}


def fallback_words(code: str) -> Note:
    """The words for a code; those of `failed` for one that is not listed."""
    return FALLBACKS.get(code, FALLBACKS["failed"])
