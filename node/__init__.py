"""The server: four doors, the deeds behind them, and memory."""
