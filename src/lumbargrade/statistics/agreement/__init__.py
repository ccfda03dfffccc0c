"""Agreement of two raters and of many, and the tables of their readings."""
