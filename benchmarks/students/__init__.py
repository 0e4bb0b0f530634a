"""Smaller networks and their teachers: see `python -m benchmarks.students --help`."""
