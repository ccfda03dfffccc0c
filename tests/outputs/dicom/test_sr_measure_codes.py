from __future__ import annotations

import pytest

from lumbargrade.grading.finding import Plane
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.outputs.dicom import sr_measure_codes as codes


def test_every_measure_has_a_code_that_fits_and_leads_back() -> None:
    assert set(codes.VALUES) == set(KINDS)
    for kind in KINDS.values():
        code = codes.private_concept(kind)
        assert (len(code.value) <= 16, len(code.meaning) <= 64) == (True, True)
        assert code.scheme_designator == "99LUMBARGRADE"
        assert codes.measure_of(code.value, None) == kind.name
        assert codes.UNITS[kind.unit].value == kind.unit
    for name, (quantity, site) in codes.STANDARD.items():
        assert codes.measure_of(quantity.value, site.value) == name
        assert len(site.value) <= 16


def test_the_private_codes_never_change() -> None:
    """Reports that are already in archives name them."""
    assert " ".join(codes.VALUES.values()) == (
        "DISCSHIFT SHIFTAPEX FACETLINEDEPTH SHIFTRATIO SACAREA SACDEPTH SACWIDTH CANALAREA "
        "CANALDEPTH FREECANALAREA VENTRALCSF ROOTSHARE ROOTCLUSTERS RECESSDEPTH ROOTGAP "
        "ROOTSHIFT FACETANGLE FLAVUMTHICKNESS"
    )


def test_quantities_are_those_of_snomed() -> None:
    """Written out, not read from the table (PS3.16, CID 7469 and 7470)."""
    said = {name: quantity.value for name, (quantity, _) in codes.STANDARD.items()}
    assert said == {
        "sac_area_mm2": "42798000",
        "sac_depth_mm": "131197000",
        "sac_width_mm": "103355008",
        "canal_area_mm2": "42798000",
        "canal_depth_mm": "131197000",
        "recess_depth_mm": "131197000",
        "facet_angle_deg": "1483009",
    }


def test_what_a_slice_cuts_leads_back() -> None:
    assert [codes.plane_of(codes.PLANES[plane].value) for plane in Plane] == list(Plane)


def test_another_code_is_refused() -> None:
    with pytest.raises(ValueError, match="OTHER at None is not a measure"):
        codes.measure_of("OTHER", None)
    with pytest.raises(ValueError, match="42798000 at 1 is not a measure"):
        codes.measure_of("42798000", "1")
    with pytest.raises(ValueError, match="OTHER is not what a slice cuts"):
        codes.plane_of("OTHER")
