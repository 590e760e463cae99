"""The one place where settings are read.

Two sources, nothing else: environment variables `LEADLINE_*` (where the process runs) and
`leadline.yaml` in the data directory (what the instance is: its name, currency, calendar, words and
users). `docs/settings.md` lists them for the person who deploys.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from leadline.access import EVERYTHING, LOCAL_OWNER, Principal, Scope
from leadline.errors import InputError, NotFoundError
from leadline.types import Language

INSTANCE_FILE = "leadline.yaml"
DEFAULT_DATA_DIR = ".leadline"


class UserEntry(BaseModel):
    """One user in `leadline.yaml`; `regions`/`partners` left out means "no limit on this axis"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    roles: tuple[str, ...] = ("manager",)
    regions: tuple[str, ...] | None = None
    partners: tuple[str, ...] | None = None


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

    @property
    def snapshot_dir(self) -> Path:
        """Where snapshots are published."""
        return self.data_dir / "snapshots"

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
    )


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
