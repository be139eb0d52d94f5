"""Files as offices have them, understood and brought into a study.

`grids` reads any file as rows of cells; `headings` and `layout` say which row is the heading, which
column is what and where figures stand; `records` reads the figures; `naming` finds the codes of
what is named; `totals` leaves totals out and holds them against their parts; `study_tables` makes
the tables of a study, and `understanding` is all of it with what is wrong and what must be chosen.
"""
