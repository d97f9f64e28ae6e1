"""Objecting to a change of factors that somebody else made."""
