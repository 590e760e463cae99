"""What holds for the repository as a whole: layers, sizes, packaging, bilingual documents."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import REPOSITORY

PACKAGES = ("leadline", "knowledge", "tools", "agents", "evals", "server")
PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def repository_files(*patterns: str) -> list[Path]:
    """Files under version control, or about to be, that match one of the git patterns."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (REPOSITORY / name for name in listing.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def run_python(code: str, *, cwd: Path = REPOSITORY, **environ: str) -> str:
    """What a fresh interpreter prints; a non-zero exit fails the test with its output."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)


class TestImportContracts:
    def test_every_contract_is_kept(self) -> None:
        assert " 0 broken" in run_python(LINT_IMPORTS)

    def test_every_contract_can_break(self, tmp_path: Path) -> None:
        # One bad module per contract in a copy of the tree: each contract must report it.
        for path in repository_files(*(f"{name}/*.py" for name in PACKAGES), "pyproject.toml"):
            copy = tmp_path / path.relative_to(REPOSITORY)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        for module, line in {
            "knowledge/upward.py": "import server",
            "tools/erp/sideways.py": "import tools.catalog",
            "tools/analytics/impure.py": "import knowledge.warehouse.snapshot",
            "tools/web.py": "import fastapi",
            "tools/worldly.py": "import evals.world",
            "agents/retries.py": "import tenacity",
            "agents/sql.py": "import duckdb",
        }.items():
            (tmp_path / module).write_text(line + "\n", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", LINT_IMPORTS],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
        contracts = [c["name"] for c in PYPROJECT["tool"]["importlinter"]["contracts"]]
        unbroken = [name for name in contracts if f"{name} BROKEN" not in done.stdout]
        assert unbroken == [], done.stdout


class TestNames:
    @pytest.mark.parametrize("name", PACKAGES)
    def test_a_top_level_name_is_ours_alone(self, name: str) -> None:
        # An editable install lists no modules, so only a foreign owner shows up there.
        assert packages_distributions().get(name, ["leadline"]) == ["leadline"]
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        assert Path(spec.origin) == REPOSITORY / name / "__init__.py"

    def test_the_wheel_holds_exactly_these_packages(self) -> None:
        wheel = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
        assert tuple(wheel["packages"]) == PACKAGES


class TestSizes:
    def test_no_file_is_over_600_lines(self) -> None:
        sizes = {
            str(path.relative_to(REPOSITORY)): len(path.read_text(encoding="utf-8").splitlines())
            for path in repository_files("*.py")
        }
        assert {name: size for name, size in sizes.items() if size > 600} == {}

    def test_no_function_is_over_60_lines(self) -> None:
        # A migration states its tables one after the other; it is read once and never changed.
        outside = ":!knowledge/warehouse/migrations/versions"
        long = []
        for path in repository_files(*(f"{name}/*.py" for name in PACKAGES), "bench/*.py", outside):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    size = (node.end_lineno or node.lineno) - node.lineno + 1
                    if size > 60:
                        long.append(f"{path.relative_to(REPOSITORY)}:{node.name} {size}")
        assert long == []


def imported_names(paths: list[Path]) -> set[str]:
    """Top-level names that the files import anywhere, also inside functions."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names


LOADED_BY_URL = {"psycopg", "duckdb-sqlalchemy"}
"""Drivers that SQLAlchemy loads by the name in an engine URL."""


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Lock file → distribution → (version, number of hashes)."""
    entries: dict[str, tuple[str, int]] = {}
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[a-z0-9])", text):
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", block)
        if match:
            entries[canonicalize_name(match[1])] = (match[2], block.count("--hash=sha256:"))
    return entries


class TestDependencies:
    def test_each_one_is_used(self) -> None:
        used = imported_names(repository_files(*(f"{name}/*.py" for name in PACKAGES)))
        owners = packages_distributions()
        distributions = {canonicalize_name(d) for name in used for d in owners.get(name, [])}
        declared = {
            canonicalize_name(Requirement(text).name)
            for text in PYPROJECT["project"]["dependencies"]
        }
        assert declared - distributions - LOADED_BY_URL == set()

    def test_each_import_is_declared(self) -> None:
        used = imported_names(repository_files(*(f"{name}/*.py" for name in PACKAGES)))
        owners = packages_distributions()
        outside = used - set(sys.stdlib_module_names) - set(PACKAGES)
        declared = {
            canonicalize_name(Requirement(text).name)
            for group in (
                PYPROJECT["project"]["dependencies"],
                *PYPROJECT["project"]["optional-dependencies"].values(),
            )
            for text in group
        }
        undeclared = {
            name
            for name in outside
            if not declared & {canonicalize_name(d) for d in owners.get(name, [name])}
        }
        assert undeclared == set()

    @pytest.mark.parametrize(
        ("lock", "groups"), [("requirements.lock", ()), ("requirements-dev.lock", ("dev",))]
    )
    def test_the_lock_satisfies_pyproject(self, lock: str, groups: tuple[str, ...]) -> None:
        entries = locked(lock)
        wanted = list(PYPROJECT["project"]["dependencies"])
        for group in groups:
            wanted += PYPROJECT["dependency-groups"][group]
        unmet = []
        for text in wanted:
            requirement = Requirement(text)
            version, hashes = entries.get(canonicalize_name(requirement.name), ("", 0))
            if not version or version not in requirement.specifier or not hashes:
                unmet.append(text)
        assert unmet == []

    def test_development_runs_what_is_deployed(self) -> None:
        development = locked("requirements-dev.lock")
        assert {
            n: e for n, e in locked("requirements.lock").items() if development.get(n) != e
        } == {}


# Written in two halves so that this file does not hold what it forbids.
REGISTRY_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org", "deb.debian" + ".org")
INDEX_OPTIONS = ("--index-" + "url ", "--find-" + "links ", "--extra-index-" + "url ")


class TestNoRegistryAddress:
    def test_in_any_file(self) -> None:
        found = []
        for path in repository_files():
            text = path.read_bytes().decode("utf-8", errors="replace")
            found += [
                f"{path.relative_to(REPOSITORY)}: {word}"
                for word in REGISTRY_HOSTS + INDEX_OPTIONS
                if word in text
            ]
        assert found == []


def code_blocks(text: str) -> list[str]:
    """The command lines of fenced `console` and `bash` blocks, ids of answers made alike."""
    text = re.sub(r"\b[0-9a-f]{20}\b", "ID", text)
    blocks = re.findall(r"```(?:console|bash|sh)\n(.*?)```", text, flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("$ ")]


BILINGUAL = [
    path.relative_to(REPOSITORY)
    for path in repository_files("README.md", "docs/*.md", "docs/how-to/*.md")
    if not path.name.endswith(".zh-CN.md")
    and path.parent.name != "decisions"
    and not path.name.startswith("development")
]


class TestDocuments:
    @pytest.mark.parametrize("page", BILINGUAL, ids=str)
    def test_a_page_for_users_exists_in_both_languages(self, page: Path) -> None:
        english = (REPOSITORY / page).read_text(encoding="utf-8")
        twin = REPOSITORY / page.with_name(page.stem + ".zh-CN.md")
        assert twin.is_file(), f"{page} has no Chinese twin"
        chinese = twin.read_text(encoding="utf-8")
        heading = re.compile(r"^#{1,4} ", flags=re.MULTILINE)
        assert len(heading.findall(english)) == len(heading.findall(chinese))
        assert code_blocks(english) == code_blocks(chinese)

    def test_every_relative_link_leads_somewhere(self) -> None:
        dead = [
            f"{page.relative_to(REPOSITORY)} → {target}"
            for page in repository_files("*.md")
            for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
            if "://" not in target and not (page.parent / target).exists()
        ]
        assert dead == []

    @pytest.mark.parametrize("page", ["docs/settings.md", "docs/settings.zh-CN.md"])
    def test_every_setting_is_documented(self, page: str) -> None:
        from leadline.settings import Instance, UserEntry

        text = (REPOSITORY / page).read_text(encoding="utf-8")
        sources = "".join(
            p.read_text(encoding="utf-8")
            for p in repository_files(*(f"{n}/*.py" for n in PACKAGES))
        )
        variables = set(re.findall(r"\bLEADLINE_[A-Z_]+", sources))
        fields = set(Instance.model_fields) | set(UserEntry.model_fields)
        assert {name for name in variables | fields if f"`{name}`" not in text} == set()

    def test_the_readme_is_short(self) -> None:
        for name in ("README.md", "README.zh-CN.md"):
            assert len((REPOSITORY / name).read_text(encoding="utf-8").splitlines()) < 150

    def test_the_changelog_names_this_version(self) -> None:
        import leadline

        changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
        assert re.search(rf"^## {re.escape(leadline.__version__)}\b", changelog, re.MULTILINE)


HEAVY = (
    "pandas",
    "numpy",
    "duckdb",
    "pyarrow",
    "sqlalchemy",
    "alembic",
    "opencc",
    "pypinyin",
    "rich",
)

HELP = f"""
import sys
sys.argv = ["leadline", "--help"]
from server.cli import main
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
print("HEAVY", [name for name in {HEAVY!r} if name in sys.modules])
"""


class TestStart:
    def test_help_pays_for_no_heavy_import(self) -> None:
        assert run_python(HELP).endswith("HEAVY []\n")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.mark.slow
class TestWheel:
    def test_holds_every_file_of_the_packages_and_no_other(self, wheel: zipfile.ZipFile) -> None:
        expected = {
            path.relative_to(REPOSITORY).as_posix()
            for path in repository_files(*(f"{name}/*" for name in PACKAGES))
        }
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        built = {name for name in held if name.startswith("server/static/")}
        assert held - built == expected

    def test_holds_the_built_web_app(self, wheel: zipfile.ZipFile) -> None:
        page = REPOSITORY / "server" / "static" / "index.html"
        if not page.is_file():
            pytest.skip("the web app is not built here (make setup builds it)")
        assert wheel.read("server/static/index.html") == page.read_bytes()
        scripts = re.findall(r'src="/(assets/[^"]+)"', page.read_text(encoding="utf-8"))
        assert scripts
        assert all(f"server/static/{name}" in wheel.namelist() for name in scripts)

    def test_works_from_elsewhere(self, wheel: zipfile.ZipFile, tmp_path: Path) -> None:
        wheel.extractall(tmp_path / "site")
        code = (
            "import knowledge.semantic.model as m; "
            "print(m.__file__); assert 'amount' in m.load_model().metrics"
        )
        printed = run_python(code, cwd=tmp_path, PYTHONPATH=str(tmp_path / "site"))
        assert printed.startswith(str(tmp_path / "site"))
