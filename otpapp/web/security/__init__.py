"""How I sign in: the factors of whoever is here."""
