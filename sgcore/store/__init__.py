"""One DuckDB file that holds studies, features and analyses. All SQL of sgaudit lives here."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
