"""``lumbargrade grade``: one study, several, or an archive."""
