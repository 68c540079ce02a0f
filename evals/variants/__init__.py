"""Generated questions: every award in many words, dates, places and with noise."""
