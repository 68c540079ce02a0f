"""From a question in words to a typed request. Words live in YAML, not here."""
