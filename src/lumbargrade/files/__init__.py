"""Plain files: tables that people made, tables that we write, folders written whole."""
