"""An OpenAI-compatible model server that follows a script: for tests, benchmarks and gates."""
