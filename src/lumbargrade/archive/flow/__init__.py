"""Inclusion and exclusion: rules over the index, the patient flow (Figure 1)."""
