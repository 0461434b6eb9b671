"""The llmfao crowd data: answers by llmonitor, judgements by dustalov/llmfao."""

from evaluations.importers.llmfao.writing import import_llmfao

__all__ = ["import_llmfao"]
