"""Use cases, one a file: what the command line and the pages both call.

``__init__.pyi`` says which name comes from which file; a file is loaded when one of its names is first
used, so that a page that reads results does not wait for the libraries that compute them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
