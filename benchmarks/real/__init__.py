"""Meters on real slices: what is drawn and measured, and what that says of weak labels.

``python -m benchmarks.real METER FOLDER``. FOLDER holds ``levels.csv`` (patient_id, level,
clinical_significance, bulge, pfirrmann; an empty cell is unknown), ``notes.csv``,
``axial_t1/P<patient>_<level>.png``, ``axial_t2``, ``tracings`` and ``spider``; the meter
``folds`` also reads ``sagittal_t2/images/P<patient>_sagT2_s<slice>.png`` and a file of boxes
beside each in ``sagittal_t2/boxes``.
"""
