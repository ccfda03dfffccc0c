"""The evaluation as page, PDF, CSV, JSON, model card and checklists."""
