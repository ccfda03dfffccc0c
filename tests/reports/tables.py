"""A table of reports, and a person's reading of them."""

from __future__ import annotations

NOTES = """patient_id,note
P1,"L4-L5: left paracentral protrusion, compressing the thecal sac. [red]Screws[/red] at L3/4."
P2,"=HYPERLINK(""x"") bulge at L5/S1.
No herniation."
@P3,No disc herniation or fracture.
"""
LEVELS = """patient_id,level,clinical_significance,bulge
P1,L4-L5,no,none
P2,L5-S1,mild,mild bulge
@P3,L4-L5,no,none
P9,L4-L5,no,none
"""
