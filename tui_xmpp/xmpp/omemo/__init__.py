"""OMEMO (XEP-0384): its elements, its nodes on the server, and the keys behind them.

`codec`, `content` and `nodes` know only XML; `machine` alone imports the cryptography, which takes half a second and is
therefore loaded in a thread of its own (`loading`). The XML helpers of the libraries are not used: they compile five
schemas at import (0.7 s, 14 MB), and look up the sender's bundle in the middle of a decryption.
"""
