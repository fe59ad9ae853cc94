"""Screens that ask or tell a person something: the wizard, go-to, and the dialogs."""
