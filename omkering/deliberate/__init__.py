"""Deliberate: documents talked through and amended, consultations, statements, positions and the lobby behind them."""
