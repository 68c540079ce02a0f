"""The official texts: clauses, passages, index and retrieval. Knows nothing of award rules."""
