"""Random, seeded and replayable conversations between hostile applications, hostile servers and the adapters.

``python -m tests.hostile --examples 100000`` runs them; `README.md` says how a failure is replayed.
"""
