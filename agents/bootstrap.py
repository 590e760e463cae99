"""The composition root: settings → a service that answers."""

from __future__ import annotations

from agents.service import AskService
from leadline.settings import Settings


def open_service(settings: Settings) -> AskService:
    """Open the warehouse (migrating it if needed) and the snapshots of an instance.

    Raises:
        InputError: the database URL cannot be used.
    """
    from agents.telemetry.recorder import known_secrets, open_recorder
    from knowledge.semantic.connection import use_threads
    from knowledge.warehouse.evidence_store import EvidenceStore
    from knowledge.warehouse.forecast_store import ForecastStore
    from knowledge.warehouse.schema import upgrade
    from knowledge.warehouse.snapshot import SnapshotStore
    from leadline.database import make_engine

    use_threads(settings.duckdb_threads)
    engine = make_engine(settings.database_url)
    upgrade(engine)
    model = None
    if settings.llm is not None:
        from agents.llm.planner import LlmPlanner

        model = LlmPlanner(settings.llm)
    return AskService(
        settings,
        SnapshotStore(settings.snapshot_dir),
        EvidenceStore(engine, secrets=known_secrets(settings)),
        model,
        open_recorder(settings, engine),
        ForecastStore(engine),
    )
