"""Performers who do not exist: bodies, clothes, motions and a room, rendered for tests and examples."""
