"""The demo hall: a fictional hall whose month comes in through the real doors."""
