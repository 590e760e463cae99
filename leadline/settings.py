"""The one place where settings are read.

Two sources, nothing else: environment variables `LEADLINE_*` (where the process runs) and
`leadline.yaml` in the data directory (what the instance is: its name, currency, calendar, words and
users). `docs/settings.md` lists them for the person who deploys.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leadline.access import EVERYTHING, LOCAL_OWNER, Principal, Scope
from leadline.errors import InputError, NotFoundError
from leadline.types import Language

INSTANCE_FILE = "leadline.yaml"
DEFAULT_DATA_DIR = ".leadline"

PlannerMode = Literal["auto", "rules", "llm"]
"""Who plans: `auto` the rules where they use every word, else the language model; `rules` never a
model; `llm` the model first. The rules take over wherever the model fails."""

ShareLevel = Literal["schema", "aggregates", "rows"]
"""What a language model may be sent: `schema` names of metrics and columns only; `aggregates` also
figures, and members that are no individuals; `rows` partners and customers by name too."""

ExportContent = Literal["redacted", "full"]
"""What exported traces hold: sizes, names of tools and times only, or questions and results too."""

MIN_TOKEN_LENGTH = 16

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class UserEntry(BaseModel):
    """One user in `leadline.yaml`; `regions`/`partners` left out means "no limit on this axis"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: tuple[str, ...] = ("manager",)
    regions: tuple[str, ...] | None = None
    partners: tuple[str, ...] | None = None
    token_sha256: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    """sha256 of the token with which this user may come in over HTTP."""


class Instance(BaseModel):
    """What `leadline.yaml` says about this instance. Every field has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "Leadline"
    currency: str = "CNY"
    """ISO 4217 code in which amounts are shown when the data does not name one."""
    timezone: str = "Asia/Shanghai"
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12)
    """Used by 财年 / fiscal year / FY only; plain years are calendar years."""
    synonyms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Extra words of this company: key `metric:amount`, `dimension:region` or
    `value:region:华东`; values the words. A word given here wins over the model's own."""
    default_metrics: dict[str, str] = Field(default_factory=dict)
    """Dimension → metric meant when a question names a member but no metric."""
    users: dict[str, UserEntry] = Field(default_factory=dict)
    keep_snapshots: int = Field(default=10, ge=1)
    """Snapshots kept besides those that an answer or brief cites."""


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """An OpenAI-compatible endpoint, and what may be sent to it."""

    base_url: str
    model: str
    api_key: str = field(default="", repr=False)
    share: ShareLevel = "aggregates"
    timeout_s: float = 60.0
    """For one question, all calls together."""
    max_calls: int = 8
    """Most calls of the model for one question."""
    input_price: Decimal | None = None
    """Per million tokens read, in `price_currency`; None: cost is not told."""
    output_price: Decimal | None = None
    price_currency: str = "USD"


@dataclass(frozen=True, slots=True)
class TraceSettings:
    """How long traces are kept, and where else they go."""

    otlp_endpoint: str | None = None
    """An OTLP/HTTP collector (`…/v1/traces`); None: traces stay in the database."""
    otlp_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: ExportContent = "redacted"
    retention_days: int = 90


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the process was told."""

    data_dir: Path
    database_url: str
    row_cap: int = 1000
    """Most rows one result may hold; a longer one says `truncated`."""
    duckdb_threads: int | None = None
    language: Language = Language.EN
    """What commands speak where no question sets the language."""
    instance: Instance = field(default_factory=Instance)
    planner: PlannerMode = "auto"
    llm: LlmSettings | None = None
    token: str | None = field(default=None, repr=False)
    """Opens the HTTP API with all rights; needed wherever it listens beyond this machine."""
    tracing: TraceSettings = field(default_factory=TraceSettings)

    @property
    def snapshot_dir(self) -> Path:
        """Where snapshots are published."""
        return self.data_dir / "snapshots"

    @property
    def derived_dir(self) -> Path:
        """Where tables computed from snapshots are kept; safe to delete."""
        return self.data_dir / "derived"

    def principal(self, user: str | None) -> Principal:
        """The principal for a user name; `None` is the owner of the machine, without limits.

        Raises:
            NotFoundError: `leadline.yaml` has no such user.
        """
        if user is None:
            return LOCAL_OWNER
        entry = self.instance.users.get(user)
        if entry is None:
            known = ", ".join(sorted(self.instance.users)) or "none"
            raise NotFoundError(
                f"no user {user!r} in {self.data_dir / INSTANCE_FILE} (known: {known})",
                hint="add the user under `users:` with its roles and regions",
            )
        scope = EVERYTHING
        if entry.regions is not None or entry.partners is not None:
            scope = Scope(
                None if entry.regions is None else frozenset(entry.regions),
                None if entry.partners is None else frozenset(entry.partners),
            )
        return Principal(user, frozenset(entry.roles), scope)


def read_settings(
    data_dir: Path | str | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read environment and instance file.

    Args:
        data_dir: the instance's folder; otherwise `LEADLINE_DATA_DIR`, otherwise `.leadline`.
        environ: the environment to read; the process's own by default.

    Raises:
        InputError: a value that cannot be used; names the variable or the file and field.
    """
    env = os.environ if environ is None else environ
    folder = Path(data_dir or env.get("LEADLINE_DATA_DIR") or DEFAULT_DATA_DIR).absolute()
    url = env.get("LEADLINE_DATABASE_URL") or f"sqlite:///{folder / 'leadline.db'}"
    return Settings(
        data_dir=folder,
        database_url=url,
        row_cap=_positive(env, "LEADLINE_ROW_CAP", 1000),
        duckdb_threads=_positive(env, "LEADLINE_DUCKDB_THREADS", 0) or None,
        language=_language(env),
        instance=read_instance(folder / INSTANCE_FILE),
        planner=_choice(env, "LEADLINE_PLANNER", PlannerMode, "auto"),
        llm=_llm(env),
        token=_token(env),
        tracing=_tracing(env),
    )


def planner_mode(text: str) -> PlannerMode:
    """A planner mode as typed.

    Raises:
        InputError: it is none.
    """
    mode: PlannerMode = _choice({"--planner": text}, "--planner", PlannerMode, "auto")
    return mode


def _choice(env: Mapping[str, str], name: str, kind: Any, default: str) -> Any:
    text = env.get(name) or default
    if text not in get_args(kind):
        raise InputError(f"{name}={text!r} is not one of {', '.join(get_args(kind))}")
    return text


def _llm(env: Mapping[str, str]) -> LlmSettings | None:
    """The endpoint, or None where `LEADLINE_LLM_BASE_URL` is not set."""
    base_url = env.get("LEADLINE_LLM_BASE_URL")
    model = env.get("LEADLINE_LLM_MODEL")
    if not base_url:
        if model:
            raise InputError(
                "LEADLINE_LLM_MODEL is set, but LEADLINE_LLM_BASE_URL is not",
                hint="set LEADLINE_LLM_BASE_URL, for example https://api.example.com/v1",
            )
        return None
    if not model:
        raise InputError("LEADLINE_LLM_BASE_URL is set, but LEADLINE_LLM_MODEL is not")
    _check_address(env, "LEADLINE_LLM_BASE_URL", base_url)
    return LlmSettings(
        base_url=base_url.rstrip("/"),
        model=model,
        api_key=env.get("LEADLINE_LLM_API_KEY", ""),
        share=_choice(env, "LEADLINE_LLM_SHARE", ShareLevel, "aggregates"),
        timeout_s=float(_positive(env, "LEADLINE_LLM_TIMEOUT_S", 60)),
        max_calls=_positive(env, "LEADLINE_LLM_MAX_CALLS", 8),
        input_price=_price(env, "LEADLINE_LLM_INPUT_PRICE"),
        output_price=_price(env, "LEADLINE_LLM_OUTPUT_PRICE"),
        price_currency=env.get("LEADLINE_LLM_PRICE_CURRENCY") or "USD",
    )


def _check_address(env: Mapping[str, str], name: str, url: str) -> None:
    """Nothing leaves this machine in the clear, unless the deployer says that it may."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{name} is not an http(s) address", hint="https://host/v1")
    if parts.username or parts.password:
        raise InputError(f"{name} holds a user name or password", hint="use the variable for keys")
    allowed = env.get("LEADLINE_ALLOW_HTTP") == "1"
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allowed:
        raise InputError(
            f"{name} would send data to {parts.hostname} without encryption",
            hint="use https, or set LEADLINE_ALLOW_HTTP=1 inside a network that you trust",
        )


def _price(env: Mapping[str, str], name: str) -> Decimal | None:
    text = env.get(name)
    if not text:
        return None
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise InputError(f"{name}={text!r} is not a price per million tokens")
    return price


def _token(env: Mapping[str, str]) -> str | None:
    token = env.get("LEADLINE_TOKEN")
    if token and len(token) < MIN_TOKEN_LENGTH:
        raise InputError(
            f"LEADLINE_TOKEN is shorter than {MIN_TOKEN_LENGTH} characters",
            hint="make one: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    return token or None


def _tracing(env: Mapping[str, str]) -> TraceSettings:
    endpoint = env.get("LEADLINE_OTLP_ENDPOINT") or None
    if endpoint is not None:
        _check_address(env, "LEADLINE_OTLP_ENDPOINT", endpoint)
    return TraceSettings(
        otlp_endpoint=endpoint,
        otlp_headers=_headers(env, "LEADLINE_OTLP_HEADERS"),
        content=_choice(env, "LEADLINE_OTLP_CONTENT", ExportContent, "redacted"),
        retention_days=_positive(env, "LEADLINE_TRACE_DAYS", 90),
    )


def _headers(env: Mapping[str, str], name: str) -> dict[str, str]:
    """`key=value,key=value`, as OpenTelemetry writes them."""
    found: dict[str, str] = {}
    for part in (env.get(name) or "").split(","):
        key, sep, value = part.partition("=")
        if not part.strip():
            continue
        if not sep or not key.strip():
            raise InputError(f"{name} is not of the form key=value,key=value")
        found[key.strip()] = value.strip()
    return found


def _language(env: Mapping[str, str]) -> Language:
    """`LEADLINE_LANGUAGE`, else Chinese where the terminal's locale is, else English."""
    given = env.get("LEADLINE_LANGUAGE")
    if given:
        if given not in tuple(Language):
            raise InputError(f"LEADLINE_LANGUAGE={given!r} is not one of zh, en")
        return Language(given)
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return Language.ZH if locale.lower().startswith("zh") else Language.EN


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise InputError(f"{name}={text!r} is not a positive whole number")
    return int(text)


def read_instance(path: Path) -> Instance:
    """What an instance file says; the defaults where there is no such file.

    Raises:
        InputError: it is no YAML, or a field is unknown or wrong.
    """
    if not path.exists():
        return Instance()
    import yaml  # only where an instance file is there

    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise InputError(f"{path} is not valid YAML: {error}") from error
    try:
        return Instance.model_validate(raw or {})
    except ValidationError as error:
        first = error.errors()[0]
        field_name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: {field_name}: {first['msg']}") from error
