"""The example year: what the demo shows. Everything in it is labelled as example on the page."""
