"""The signed Excel package: writing one (`seal`), opening and verifying one (`verify`).

Light modules, importable anywhere: `digest`, `manifest`, `sheets`, `opened`.  The others load lxml, cryptography or
XlsxWriter, so import them inside the functions that use them.  ARCHITECTURE.md describes the format.
"""
