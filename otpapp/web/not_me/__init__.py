"""Stopping codes that somebody else asked for."""
