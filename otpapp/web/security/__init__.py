"""How I sign in: the factors of whoever is here, and the browsers that they trust."""
