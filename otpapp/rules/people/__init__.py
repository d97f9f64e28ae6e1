"""The people of a site, as operators and admins see and change them."""
