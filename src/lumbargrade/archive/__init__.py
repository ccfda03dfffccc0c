"""What lies in an archive: an index of its headers, and who of it belongs in a cohort."""
