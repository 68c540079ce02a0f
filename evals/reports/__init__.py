"""Reports of a run: a table for the terminal, JUnit for the build server, a page for whoever looks into it.

Of cases held out every report gives sums only: whoever tunes does not see which of them fail.
"""
