"""The pages of whoever is signed in: who they are here, where, and what happened."""
