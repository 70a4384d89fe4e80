"""Alembic's migrations of the ledger: one file a step in versions/, run by `store.opening` when a ledger is opened."""
