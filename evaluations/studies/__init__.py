"""Figures that take time: worked out in the background whenever their input changed.

Each kind of study is one module of the house with `names`, `digest` and `figures`.
"""

from evaluations.studies.making import SOURCES, Source, make_due_studies, make_study

__all__ = ["SOURCES", "Source", "make_due_studies", "make_study"]
