"""Thin adapters between the engine and the file formats of the field: text in, data out; they open no
files."""
