"""A plain network and the project's recipe in the same three folds of all real patients.

Networks learned here are measured and never shipped.
"""
