"""What was answered, with the evidence for it: stored whole, read back equal, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.answers import ANSWER, CITATION, TRACE
from knowledge.warehouse.lock import writing
from knowledge.warehouse.retention import cited_snapshots
from knowledge.warehouse.schema import upgrade
from knowledge.warehouse.trace_record import StoredTrace, answered_trace, full_span
from knowledge.warehouse.trace_store import GONE, insert_trace
from leadline.access import Principal, Scope
from leadline.clock import now_utc
from leadline.errors import IntegrityError, NotFoundError
from leadline.evidence import Answer, Citation, ToolResult
from leadline.evidence_json import dump_answer, dump_result, load_answer, load_result


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer as it was given, to whom, in which conversation and when."""

    answer: Answer
    conversation_id: str
    principal: str
    scope_hash: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """All that is needed to run one citation again and compare."""

    citation_id: str
    answer_id: str | None
    """None where a page cites it, and no answer."""
    number: int
    arguments: dict[str, object]
    scope: Scope
    snapshot: int
    model_version: str
    result: ToolResult
    digest: str


def citation_id_of(result: ToolResult) -> str:
    """What a result is called where a page cites it: the same for the same evidence.

    It covers tool, arguments, snapshot, scope, model and every cell; so one evidence is kept once,
    and a kept citation never says anything else than the page that it was opened from.
    """
    body = [
        result.tool,
        result.arguments,
        result.snapshot,
        result.as_of.isoformat(),
        result.scope_hash,
        result.model_version,
        result.digest,
    ]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "t" + hashlib.sha256(text.encode()).hexdigest()[:31]


class EvidenceStore:
    """Answers, citations and traces in the system of record, migrated first where needed."""

    def __init__(self, engine: sa.Engine, *, secrets: Collection[str] = ()) -> None:
        """`secrets` are masked in traces wherever they stand."""
        upgrade(engine)
        self._engine = engine
        self._secrets = tuple(secrets)

    @property
    def engine(self) -> sa.Engine:
        """The system of record that it writes to."""
        return self._engine

    def save(
        self,
        answer: Answer,
        *,
        conversation_id: str,
        principal: Principal,
        spans: Sequence[Mapping[str, object]] = (),
        started_at: datetime | None = None,
    ) -> StoredTrace:
        """Keep an answer with its citations and its trace, in one transaction.

        Args:
            answer: with ids of its own.
            conversation_id: shared by the answers of one conversation.
            principal: who asked; the scope goes into every citation.
            spans: the trace as JSON data; it is masked before it is written.
            started_at: when the question came in; by default as long ago as the answer took.

        Returns the trace as it was written.

        Raises:
            BusyError: the database stays locked by another writer.
            IntegrityError: an id is taken.
        """
        now = now_utc()
        asked = {
            "answer_id": answer.answer_id,
            "conversation_id": conversation_id,
            "principal": principal.name,
            "scope_hash": principal.scope.digest,
            "question": answer.question,
            "status": answer.status,
            "language": answer.language.value,
            "snapshot_no": answer.snapshot,
            "as_of": answer.as_of,
            "body": dump_answer(answer),
            "latency_ms": answer.latency_ms,
            "created_at": now,
            "trace_id": answer.trace_id,
        }
        trace = answered_trace(
            answer,
            spans,
            conversation_id=conversation_id,
            principal=principal,
            started_at=started_at or now - timedelta(milliseconds=answer.latency_ms),
            secrets=self._secrets,
        )
        citations = [
            _citation_row(citation, principal.scope, answer.answer_id)
            for citation in answer.citations
        ]
        with writing(self._engine) as connection:
            connection.execute(sa.insert(ANSWER), asked)
            if citations:
                connection.execute(sa.insert(CITATION), citations)
            insert_trace(connection, trace)
        return trace

    def keep(self, result: ToolResult, scope: Scope) -> str:
        """Keep a result that a page cites, once; its citation's id.

        Args:
            result: of one tool call.
            scope: under which it was computed.

        Raises:
            BusyError: the database stays locked by another writer.
        """
        found = Citation(citation_id_of(result), 1, result)
        there = sa.select(CITATION.c.citation_id).where(CITATION.c.citation_id == found.citation_id)
        with self._engine.connect() as connection:
            if connection.execute(there).first() is not None:
                return found.citation_id
        try:
            with writing(self._engine) as connection:
                if connection.execute(there).first() is None:
                    connection.execute(sa.insert(CITATION), [_citation_row(found, scope, "")])
        except IntegrityError:  # another server kept the same evidence in between
            self.citation(found.citation_id)
        return found.citation_id

    def answer(self, answer_id: str) -> Answer:
        """The answer with this id, equal to the one that was given.

        Raises:
            NotFoundError: there is none.
            IntegrityError: what is stored is not an answer.
        """
        return self.record(answer_id).answer

    def record(self, answer_id: str) -> AnswerRecord:
        """The answer with this id, and who got it when.

        Raises:
            NotFoundError: there is none.
            IntegrityError: what is stored is not an answer.
        """
        row = self._one(ANSWER, ANSWER.c.answer_id, answer_id, "answer")
        return _answer_record(row)

    def citation(self, citation_id: str) -> CitationRecord:
        """The citation with this id.

        Raises:
            NotFoundError: there is none.
            IntegrityError: the stored result does not match its digest.
        """
        row = self._one(CITATION, CITATION.c.citation_id, citation_id, "citation")
        result = load_result(row.result)
        if result.digest != row.digest:
            raise IntegrityError(f"citation {citation_id}: the stored result was changed")
        return CitationRecord(
            citation_id=row.citation_id,
            answer_id=row.answer_id or None,
            number=row.number,
            arguments=json.loads(row.arguments),
            scope=scope_from(row.scope),
            snapshot=row.snapshot_no,
            model_version=row.model_version,
            result=result,
            digest=row.digest,
        )

    def trace(self, answer_id: str) -> list[dict[str, Any]]:
        """The spans of the trace of an answer.

        Raises:
            NotFoundError: there is no such answer, or its trace has been removed.
        """
        self.record(answer_id)
        try:
            row = self._one(TRACE, TRACE.c.answer_id, answer_id, "trace of answer")
        except NotFoundError as error:
            raise NotFoundError(error.message, hint=GONE) from error
        return [full_span(at, span) for at, span in enumerate(json.loads(row.spans))]

    def conversation(self, conversation_id: str) -> list[AnswerRecord]:
        """The answers of a conversation, oldest first; empty where there is no such one."""
        query = (
            sa.select(ANSWER)
            .where(ANSWER.c.conversation_id == conversation_id)
            .order_by(ANSWER.c.created_at, ANSWER.c.answer_id)
        )
        with self._engine.connect() as connection:
            return [_answer_record(row) for row in connection.execute(query)]

    def cited_snapshots(self) -> set[int]:
        """Numbers of all snapshots that a stored answer or citation was drawn from."""
        return cited_snapshots(self._engine)

    def _one(self, table: sa.Table, column: sa.Column[Any], wanted: str, what: str) -> sa.Row[Any]:
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(table).where(column == wanted)).one_or_none()
        if row is None:
            raise NotFoundError(f"no {what} {wanted!r} is stored")
        return row


def _citation_row(citation: Citation, scope: Scope, answer_id: str) -> dict[str, Any]:
    return {
        "citation_id": citation.citation_id,
        "answer_id": answer_id,
        "number": citation.number,
        "tool": citation.result.tool,
        "arguments": json.dumps(citation.result.arguments, ensure_ascii=False),
        "scope": scope_text(scope),
        "model_version": citation.result.model_version,
        "snapshot_no": citation.result.snapshot,
        "result": dump_result(citation.result),
        "digest": citation.result.digest,
    }


def _answer_record(row: sa.Row[Any]) -> AnswerRecord:
    return AnswerRecord(
        load_answer(row.body), row.conversation_id, row.principal, row.scope_hash, row.created_at
    )


def scope_text(scope: Scope) -> str:
    """A scope as JSON text, as it is stored."""
    return json.dumps(
        {
            "regions": None if scope.regions is None else sorted(scope.regions),
            "partners": None if scope.partners is None else sorted(scope.partners),
        },
        ensure_ascii=False,
    )


def scope_from(text: str) -> Scope:
    """The scope that a stored text says."""
    data = json.loads(text)
    regions, partners = data["regions"], data["partners"]
    return Scope(
        None if regions is None else frozenset(regions),
        None if partners is None else frozenset(partners),
    )
