"""What Manqin can carry, measured: one module for each group of figures."""
