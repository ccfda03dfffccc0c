"""Names are one as they are, or where one is the other's pseudonym."""

from __future__ import annotations

from lumbargrade.archive.keyed_names import NO_KEY, KeyedNames, keyed_names, keyed_readings
from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey

KEY = Pseudonyms(bytes(32))


def test_a_pseudonym_is_its_name() -> None:
    names = KeyedNames(KEY)
    assert names.same("patient", "A", KEY.of("patient", "A"))
    assert names.same("patient", KEY.of("patient", "A"), "A")
    assert not names.same("patient", "B", KEY.of("patient", "A"))
    assert not names.same("patient", "", "A")
    assert not NO_KEY.same("patient", "A", KEY.of("patient", "A"))
    assert keyed_names(None) is NO_KEY


def test_readings_under_both_names_are_of_one_image() -> None:
    plain = Reading("r", "Ann", SliceKey(patient="A", image="1.2"), None, "LDH", None, 1)
    coded = SliceKey(patient=KEY.of("patient", "A"), image=KEY.of_slice("1.2"))
    other = Reading("r", "Bob", coded, None, "LDH", None, 1)
    one, two = keyed_readings([plain, other], KeyedNames(KEY))
    assert one.key == two.key == coded
    assert keyed_readings([plain, other], NO_KEY) == [plain, other]
