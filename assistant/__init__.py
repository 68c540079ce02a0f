"""From a person's question to a cited answer."""
