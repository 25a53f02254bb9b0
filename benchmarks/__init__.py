"""Speed, measured: `make bench` prints one table and writes one JSON file."""
