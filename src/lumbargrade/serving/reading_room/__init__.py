"""The reading room: boxes, blind readings, adjudication, in a browser."""
