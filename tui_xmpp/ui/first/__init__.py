"""The first picture of the screen, drawn without Textual, whose import takes longer than everything that is drawn."""
