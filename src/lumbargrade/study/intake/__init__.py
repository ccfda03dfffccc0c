"""From the files of a folder to studies: divided, each picture once, with what is odd about them."""
