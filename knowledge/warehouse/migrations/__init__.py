"""Alembic versions of the schema; run by `knowledge.warehouse.schema`."""
