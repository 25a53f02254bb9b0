"""The words and tables around an opinion map."""

from omkering.deliberate.opinion_words import SliceTable, slice_bodies


def test_a_table_tells_that_a_list_is_not_complete_where_a_row_carries_the_star():
    whole = SliceTable("Grootte", [("G4", 12, [50, 50], False)])
    part = SliceTable("Netwerk", [("G4", 12, [50, 50], False), ("P10", 7, [0, 100], True)])
    assert not whole.incomplete and part.incomplete
    [(_whole, without), (_part, star)] = slice_bodies([whole, part])
    assert "*" not in without and "P10 *" in star
