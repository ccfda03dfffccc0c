"""The figures of the article for any evaluation; the only home of matplotlib."""
