"""Settings of what Leadline talks to: the language model, its own door, the trace collector."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leadline.errors import InputError
from leadline.settings import LlmSettings, Settings, TraceSettings, read_settings

LLM = {
    "LEADLINE_LLM_BASE_URL": "https://models.example.com/v1/",
    "LEADLINE_LLM_MODEL": "qwen-max",
    "LEADLINE_LLM_API_KEY": "sk-very-secret",
}


def read(**environ: str) -> Settings:
    return read_settings(environ=environ)


class TestLanguageModel:
    def test_none_without_an_endpoint(self) -> None:
        assert read().llm is None
        assert read().planner == "auto"

    def test_three_variables_suffice(self) -> None:
        llm = read(**LLM).llm
        assert llm == LlmSettings("https://models.example.com/v1", "qwen-max", "sk-very-secret")
        assert llm is not None
        assert (llm.share, llm.timeout_s, llm.max_calls) == ("aggregates", 60.0, 8)
        assert (llm.input_price, llm.output_price) == (None, None)

    def test_prices_are_exact(self) -> None:
        llm = read(
            **LLM,
            LEADLINE_LLM_INPUT_PRICE="0.14",
            LEADLINE_LLM_OUTPUT_PRICE="2",
            LEADLINE_LLM_PRICE_CURRENCY="CNY",
        ).llm
        assert llm is not None
        assert (llm.input_price, llm.output_price) == (Decimal("0.14"), Decimal(2))
        assert llm.price_currency == "CNY"

    @pytest.mark.parametrize("price", ["-1", "NaN", "free", "Infinity"])
    def test_a_price_that_is_none_is_named(self, price: str) -> None:
        with pytest.raises(InputError, match=f"LEADLINE_LLM_INPUT_PRICE='{price}'"):
            read(**LLM, LEADLINE_LLM_INPUT_PRICE=price)

    def test_a_model_without_an_endpoint_and_the_other_way_round(self) -> None:
        with pytest.raises(InputError, match="LEADLINE_LLM_BASE_URL is not"):
            read(LEADLINE_LLM_MODEL="x")
        with pytest.raises(InputError, match="LEADLINE_LLM_MODEL is not"):
            read(LEADLINE_LLM_BASE_URL="https://models.example.com/v1")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("LEADLINE_PLANNER", "magic"),
            ("LEADLINE_LLM_SHARE", "everything"),
            ("LEADLINE_OTLP_CONTENT", "all"),
        ],
    )
    def test_closed_choices(self, name: str, value: str) -> None:
        with pytest.raises(InputError, match=f"{name}='{value}' is not one of"):
            read(**{**LLM, name: value})

    def test_the_key_is_in_no_printed_form(self) -> None:
        settings = read(**LLM, LEADLINE_TOKEN="a-token-of-some-length")
        assert "secret" not in repr(settings)
        assert "a-token" not in repr(settings)


class TestWhereDataMayGo:
    @pytest.mark.parametrize("url", ["http://10.0.0.7:8000/v1", "http://models.example.com/v1"])
    def test_not_in_the_clear(self, url: str) -> None:
        with pytest.raises(InputError, match="without encryption") as caught:
            read(**{**LLM, "LEADLINE_LLM_BASE_URL": url})
        assert "LEADLINE_ALLOW_HTTP" in caught.value.hint
        with pytest.raises(InputError, match="LEADLINE_OTLP_ENDPOINT would send"):
            read(LEADLINE_OTLP_ENDPOINT=url)

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
    def test_save_within_this_machine(self, host: str) -> None:
        llm = read(**{**LLM, "LEADLINE_LLM_BASE_URL": f"http://{host}:11434/v1"}).llm
        assert llm is not None

    def test_save_where_the_deployer_says_so(self) -> None:
        url = "http://10.0.0.7:8000/v1"
        llm = read(**{**LLM, "LEADLINE_LLM_BASE_URL": url, "LEADLINE_ALLOW_HTTP": "1"}).llm
        assert llm is not None
        assert llm.base_url == url

    @pytest.mark.parametrize("url", ["models.example.com", "ftp://models.example.com", "https://"])
    def test_only_to_an_address(self, url: str) -> None:
        with pytest.raises(InputError, match="not an http"):
            read(**{**LLM, "LEADLINE_LLM_BASE_URL": url})

    def test_no_password_in_an_address(self) -> None:
        with pytest.raises(InputError, match="user name or password") as caught:
            read(**{**LLM, "LEADLINE_LLM_BASE_URL": "https://me:hidden@models.example.com/v1"})
        assert "hidden" not in str(caught.value)


class TestToken:
    def test_none_by_default(self) -> None:
        assert read().token is None
        assert read(LEADLINE_TOKEN="").token is None

    def test_a_short_one_is_refused_and_not_repeated(self) -> None:
        with pytest.raises(InputError, match="shorter than 16") as caught:
            read(LEADLINE_TOKEN="hunter2")
        assert "hunter2" not in str(caught.value)


class TestTraces:
    def test_stay_here_by_default(self) -> None:
        assert read().tracing == TraceSettings()
        assert read().tracing.retention_days == 90

    def test_collector_headers_and_days(self) -> None:
        tracing = read(
            LEADLINE_OTLP_ENDPOINT="https://traces.example.com/v1/traces",
            LEADLINE_OTLP_HEADERS="authorization=Bearer a=b, x-team=channel",
            LEADLINE_OTLP_CONTENT="full",
            LEADLINE_TRACE_DAYS="7",
        ).tracing
        assert tracing.otlp_headers == {"authorization": "Bearer a=b", "x-team": "channel"}
        assert (tracing.content, tracing.retention_days) == ("full", 7)

    def test_headers_of_another_form(self) -> None:
        with pytest.raises(InputError, match="LEADLINE_OTLP_HEADERS"):
            read(LEADLINE_OTLP_HEADERS="just-a-token")
