"""How the reading goes: what is missing, who disagrees, how far everybody is, and exports."""
