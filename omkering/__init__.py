"""Omkering: the platform on which an association of municipalities works from the bottom up."""

__version__ = "0.1.0"
