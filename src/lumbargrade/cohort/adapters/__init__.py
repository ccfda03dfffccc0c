"""The original folders of public sets, read into cohorts; their labels stay their own."""
