"""Captures written by hand, for what a kernel does not do on demand."""
