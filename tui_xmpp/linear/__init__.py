"""The linear mode: the whole client as lines of text, one after the other, for screen readers and plain terminals.

Nothing is drawn over what was read, and nothing stands beside anything else: what happens is a new line at the bottom,
with its time and its speaker; what a person wants is a line they enter. It is a front end beside `ui`: it knows the
core's façade and the model, shares the words with the screen, and loads nothing that draws.
"""
