"""Makes a case of an accepted answer, pinned to the snapshot and the limits of that answer.

Only what holds becomes one: evidence that replays equal, without a thumb down. The case lies in the
instance that gave the answer, since it names that instance's members and figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.conversation import TURNS_KEPT
from agents.service import AskService
from evals.cases import Case, CaseScope
from evals.expecting import expect_of
from evals.instances import eval_folder
from evals.opening import Told, asker, open_apart
from evals.promoted import PROMOTED, add_case, promoted_path
from evals.scorers import evidence_digest, judge
from leadline.access import LOCAL_OWNER, Principal, Scope
from leadline.errors import InputError
from leadline.evidence import Answer

if TYPE_CHECKING:
    from knowledge.warehouse.evidence_store import AnswerRecord
    from knowledge.warehouse.feedback_store import FeedbackStore


@dataclass(frozen=True, slots=True)
class Promotion:
    """A case, where it lies, and whether it was not there already."""

    case: Case
    dataset: str
    path: Path
    added: bool


def promote(
    answer_id: str,
    *,
    service: AskService,
    feedback: FeedbackStore,
    told: Told,
    dataset: str = PROMOTED,
    note: str = "",
    force: bool = False,
    principal: Principal = LOCAL_OWNER,
) -> Promotion:
    """Make a case of an answer; the same answer makes the same case again.

    Args:
        answer_id: a stored answer.
        service: of the instance that gave it.
        feedback: what readers said of its answers.
        told: makes the JSON contract of an answer.
        dataset: the promoted set that takes the case.
        note: kept with the case.
        force: also where somebody marked the answer thumbs-down.
        principal: who promotes; sees only what was computed under the same limits.

    Raises:
        NotFoundError: no such answer, or not for this principal.
        InputError: the answer cannot become a case; says why.
        IntegrityError: its snapshot is not what its manifest says.
        BusyError: another process is promoting.
    """
    answer = service.stored_answer(answer_id, principal)
    record = service.evidence.record(answer_id)
    folder = eval_folder(service.settings)
    path = promoted_path(folder, dataset)
    _check_accepted(answer, service, feedback, principal, force=force)
    payload = told(answer)
    case = Case(
        id=f"{dataset}-{answer_id}",
        kind="promoted",
        lang=answer.language.value,
        question=answer.question,
        note=note,
        snapshot=answer.snapshot,
        scope=_case_scope(_scope(record, service)),
        expect=expect_of(payload),
    )
    case = case.model_copy(update={"context": _context(case, payload, record, service, told)})
    ruling = judge(case, payload)
    if ruling.verdict != "right":
        raise InputError(
            f"answer {answer_id} does not hold what it would have to hold: {ruling.reason}",
            hint="its text shows a figure that its citations do not; look at it before accepting",
        )
    return Promotion(case, dataset, path, add_case(folder, dataset, case))


def _check_accepted(
    answer: Answer,
    service: AskService,
    feedback: FeedbackStore,
    principal: Principal,
    *,
    force: bool,
) -> None:
    for said in feedback.of_answer(answer.answer_id):
        if said.rating == "down" and not force:
            comment = f": {said.comment}" if said.comment else ""
            raise InputError(
                f"answer {answer.answer_id} was marked thumbs-down by {said.principal}{comment}",
                hint="promote it with --force if it is right all the same",
            )
    for citation in answer.citations:
        if not service.replay(citation.citation_id, principal).equal:
            raise InputError(
                f"citation {citation.citation_id} gives other rows now than then",
                hint="ask the question again and promote that answer",
            )


def _scope(record: AnswerRecord, service: AskService) -> Scope:
    """The limits under which an answer was given.

    Raises:
        InputError: they are not known any more.
    """
    if record.scope_hash == LOCAL_OWNER.scope.digest:
        return LOCAL_OWNER.scope
    for citation in record.answer.citations:
        return service.evidence.citation(citation.citation_id).scope
    for name in service.settings.instance.users:
        scope = service.settings.principal(name).scope
        if scope.digest == record.scope_hash:
            return scope
    raise InputError(
        f"answer {record.answer.answer_id} was given under limits that no user has any more",
        hint="ask the question again as the user of today and promote that answer",
    )


def _case_scope(scope: Scope) -> CaseScope | None:
    if scope.unlimited:
        return None
    return CaseScope(
        regions=None if scope.regions is None else tuple(sorted(scope.regions)),
        partners=None if scope.partners is None else tuple(sorted(scope.partners)),
    )


# ------------------------------------------------------------------------------- context


def _context(
    case: Case,
    payload: Mapping[str, Any],
    record: AnswerRecord,
    service: AskService,
    told: Told,
) -> tuple[str, ...]:
    """The fewest earlier questions of the conversation after which the rules say the same.

    All of them where the rules do not come to this answer, as a language model gave it.
    """
    earlier = _earlier_questions(record, service)[-TURNS_KEPT:]
    if not earlier:
        return ()
    apart = open_apart(service.settings)

    def again(context: tuple[str, ...]) -> Mapping[str, Any]:
        return told(
            apart.ask(
                case.question,
                context=context,
                principal=asker(case),
                planner="rules",
                snapshot=case.snapshot,
            )
        )

    try:
        return _fewest(earlier, again, payload)
    finally:
        apart.evidence.engine.dispose()


def _fewest(
    earlier: tuple[str, ...],
    again: Callable[[tuple[str, ...]], Mapping[str, Any]],
    wanted: Mapping[str, Any],
) -> tuple[str, ...]:
    for count in range(len(earlier) + 1):
        context = earlier[len(earlier) - count :]
        if _says_the_same(again(context), wanted):
            return context
    return earlier


def _says_the_same(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if evidence_digest(found) != evidence_digest(wanted):
        return False
    return wanted["status"] == "answered" or all(
        found[part] == wanted[part] for part in ("text", "options")
    )


def _earlier_questions(record: AnswerRecord, service: AskService) -> tuple[str, ...]:
    """What the same principal asked before in the conversation, oldest first."""
    questions: list[str] = []
    for other in service.evidence.conversation(record.conversation_id):
        if other.answer.answer_id == record.answer.answer_id:
            break
        if (other.principal, other.scope_hash) == (record.principal, record.scope_hash):
            questions.append(other.answer.question)
    return tuple(questions)
