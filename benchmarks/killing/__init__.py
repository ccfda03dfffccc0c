"""Parts of the benchmark ``killed``: inputs, commands, kills and full disks."""
