"""What opens the encrypted store: where its key is kept, how it is got, and how that is changed (SECURITY 28).

The store's key is random and never changes by itself. Either the keyring holds it, or a small file beside the store
does, wrapped with a passphrase that a person types or a command prints. That file also says which of the two it is.
"""
