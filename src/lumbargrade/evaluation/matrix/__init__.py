"""Published confusion matrices: their tables, and what a paper claims of them."""
