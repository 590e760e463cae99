"""Names of span attributes, pinned.

The GenAI conventions of OpenTelemetry are in development: names come and go between releases. The
constants therefore stand here, as of the versions below, and not in a package that moves.
"""

from __future__ import annotations

OTEL_SEMCONV_VERSION = "1.44.0"
"""OpenTelemetry semantic conventions, `gen_ai` registry."""
OTEL_SCHEMA_URL = f"https://opentelemetry.io/schemas/{OTEL_SEMCONV_VERSION}"
OPENINFERENCE_VERSION = "0.1.42"
"""OpenInference semantic conventions."""

AGENT_NAME_VALUE = "leadline"
ROOT_SPAN = f"invoke_agent {AGENT_NAME_VALUE}"


class GenAi:
    """OpenTelemetry GenAI."""

    OPERATION = "gen_ai.operation.name"
    AGENT_NAME = "gen_ai.agent.name"
    CONVERSATION_ID = "gen_ai.conversation.id"
    PROVIDER = "gen_ai.provider.name"
    TOOL_NAME = "gen_ai.tool.name"
    TOOL_TYPE = "gen_ai.tool.type"
    TOOL_DESCRIPTION = "gen_ai.tool.description"
    TOOL_CALL_ID = "gen_ai.tool.call.id"
    TOOL_ARGUMENTS = "gen_ai.tool.call.arguments"
    TOOL_RESULT = "gen_ai.tool.call.result"
    REQUEST_MODEL = "gen_ai.request.model"
    REQUEST_TEMPERATURE = "gen_ai.request.temperature"
    REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens"
    RESPONSE_MODEL = "gen_ai.response.model"
    RESPONSE_ID = "gen_ai.response.id"
    FIRST_CHUNK_S = "gen_ai.response.time_to_first_chunk"
    """Seconds from the request to the first piece of the reply."""
    FINISH_REASONS = "gen_ai.response.finish_reasons"
    INPUT_TOKENS = "gen_ai.usage.input_tokens"
    OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
    CACHED_TOKENS = "gen_ai.usage.cache_read.input_tokens"
    REASONING_TOKENS = "gen_ai.usage.reasoning.output_tokens"
    INPUT_MESSAGES = "gen_ai.input.messages"
    OUTPUT_MESSAGES = "gen_ai.output.messages"


class Operation:
    """Values of `gen_ai.operation.name`."""

    INVOKE_AGENT = "invoke_agent"
    EXECUTE_TOOL = "execute_tool"
    CHAT = "chat"


class OpenInference:
    """OpenInference, which Phoenix and others read."""

    SPAN_KIND = "openinference.span.kind"
    INPUT = "input.value"
    INPUT_MIME = "input.mime_type"
    OUTPUT = "output.value"
    OUTPUT_MIME = "output.mime_type"
    SESSION_ID = "session.id"
    USER_ID = "user.id"
    AGENT_NAME = "agent.name"
    MODEL_NAME = "llm.model_name"
    PROVIDER = "llm.provider"
    SYSTEM = "llm.system"
    INVOCATION_PARAMETERS = "llm.invocation_parameters"
    INPUT_MESSAGES = "llm.input_messages"
    OUTPUT_MESSAGES = "llm.output_messages"
    PROMPT_TOKENS = "llm.token_count.prompt"
    COMPLETION_TOKENS = "llm.token_count.completion"
    TOTAL_TOKENS = "llm.token_count.total"
    CACHED_TOKENS = "llm.token_count.prompt_details.cache_read"
    REASONING_TOKENS = "llm.token_count.completion_details.reasoning"
    TOTAL_COST = "llm.cost.total"
    TOOL_NAME = "tool.name"
    TOOL_DESCRIPTION = "tool.description"
    TOOL_PARAMETERS = "tool.parameters"
    TOOL_ID = "tool.id"
    PROJECT = "openinference.project.name"
    """Of the resource, not of a span."""


TEXT = "text/plain"
JSON = "application/json"
