"""The example year: what the demo shows. Everything in it is labelled as example on the page."""

from omkering.lab.example.year import load_example_year

__all__ = ["load_example_year"]
