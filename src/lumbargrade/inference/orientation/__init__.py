"""How the patient lies in the picture: turned against the header, rotated, or straight."""
