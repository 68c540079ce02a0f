"""Measures the assistant against gold cases."""
