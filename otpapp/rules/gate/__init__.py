"""The gate: who may open what nginx serves."""
