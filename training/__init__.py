"""The recipe of the starter model: openly licensed artwork in, a diffusers folder out."""
