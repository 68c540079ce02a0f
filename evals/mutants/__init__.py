"""Who tests the tests: faults are put in one at a time, and the measures must notice each."""
