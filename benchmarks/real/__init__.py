"""Real slices with weak labels: a plain network and the project's recipe in the same folds.

``python -m benchmarks.real FOLDER`` trains and tests. FOLDER holds ``levels.csv``
(patient_id, level, clinical_significance, bulge, pfirrmann; an empty cell is unknown),
``axial_t1/P<patient>_<level>.png``, ``sagittal_t2/images/P<patient>_sagT2_s<slice>.png``
and a file of boxes beside each in ``sagittal_t2/boxes``. Networks learned here are measured
and never shipped.
"""
