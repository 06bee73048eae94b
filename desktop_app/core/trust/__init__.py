"""Keys, certificates, the chain to the pinned root, signing, sealing at rest; who may say what.

`fingerprint` is light.  The other modules load `cryptography`, so the face of the program imports them only
inside the functions that use them.
"""
