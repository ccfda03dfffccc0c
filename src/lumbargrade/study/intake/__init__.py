"""From the files of a folder to studies: divided, each picture once, with notes on the rest."""
