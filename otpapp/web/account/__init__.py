"""The pages of whoever is signed in about themselves."""
