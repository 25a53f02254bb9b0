"""A made association that lives through the cycle: the example year of the demo, and load of real size."""
