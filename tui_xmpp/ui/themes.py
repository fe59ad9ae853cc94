"""The looks: calm grounds, one accent, warmth only for what asks for attention.

Every widget takes its colours from these names, so a theme is this page and nothing else:
`background` under the conversation, `surface` under the side panes, `panel` under what is selected, `primary` the one
accent, `warning` what asks for attention, `$quiet` secondary text, `$rule` hairlines, `$chip` under reactions,
`$present` who is here.
"""

from textual.theme import Theme

DARK = Theme(
    name="dark",
    primary="#5fd3bc",
    secondary="#8fb8ff",
    accent="#5fd3bc",
    warning="#f0b35e",
    error="#f0837b",
    success="#86c98a",
    foreground="#d7dce4",
    background="#15171c",
    surface="#1a1d24",
    panel="#242a35",
    boost="#242a35",
    dark=True,
    variables={
        "quiet": "#7d8696",
        "rule": "#2c313c",
        "chip": "#2f3643",
        "present": "#86c98a",
        "on-accent": "#15171c",
        "input-cursor-background": "#d7dce4",
        "input-cursor-foreground": "#15171c",
        "input-selection-background": "#5fd3bc 30%",
    },
)

LIGHT = Theme(
    name="light",
    primary="#0b6a62",
    secondary="#2f5fb3",
    accent="#0b6a62",
    warning="#854d00",
    error="#a61f18",
    success="#25692a",
    foreground="#23272f",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e6e4dc",
    boost="#e6e4dc",
    dark=False,
    variables={
        "quiet": "#5f6876",
        "rule": "#d8d5cb",
        "chip": "#dedbd2",
        "present": "#25692a",
        "on-accent": "#fbfaf7",
        "input-cursor-background": "#23272f",
        "input-cursor-foreground": "#fbfaf7",
        "input-selection-background": "#0b6a62 25%",
    },
)

CONTRAST = Theme(
    name="contrast",
    primary="#00ffd0",
    secondary="#9ecbff",
    accent="#00ffd0",
    warning="#ffd000",
    error="#ff8a80",
    success="#7dff8a",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1f3a5f",
    boost="#1f3a5f",
    dark=True,
    variables={
        "quiet": "#c8c8c8",
        "foreground-muted": "#c8c8c8",
        "text-muted": "#c8c8c8",
        "text-disabled": "#b0b0b0",
        "rule": "#8a8a8a",
        "chip": "#3a3a3a",
        "present": "#7dff8a",
        "on-accent": "#000000",
        "input-cursor-background": "#ffffff",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#1f3a5f",
    },
)

TERMINAL = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_blue",
    accent="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_bright_black",
    boost="ansi_default",
    variables={
        "quiet": "ansi_bright_black",
        "foreground-muted": "ansi_bright_black",
        "text-muted": "ansi_bright_black",
        "text-disabled": "ansi_bright_black",
        "border": "ansi_cyan",
        "scrollbar": "ansi_bright_black",
        "rule": "ansi_bright_black",
        "chip": "ansi_default",
        "present": "ansi_green",
        "on-accent": "ansi_black",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-selection-background": "ansi_bright_blue",
        "input-selection-foreground": "ansi_black",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
    },
)
"""The terminal's own sixteen colours."""

CSS = """
.-compact #chats { padding: 0; }
.-compact #people { padding: 0 0 0 1; }
.-compact ChatTitle { height: 1; border-bottom: none; background: $surface; }
.-compact Composer, .-compact Composer:focus { border: none; margin: 0; min-height: 1; background: $surface; }
.-compact Composer:focus { background: $panel; }
.-theme-contrast Panel { border: round $border; }
.-theme-contrast Line, .-theme-contrast Lines, .-theme-contrast Choice { background: $foreground 16%; }
.-theme-contrast Line:focus, .-theme-contrast Lines:focus, .-theme-contrast Choice:focus { background: $panel; }
"""
"""What a theme needs beside its colours: where all grounds are black, dialogs need an edge and fields a ground.

And what the compact form leaves out: boxes, and lines that only part.
"""

THEMES = (DARK, LIGHT, CONTRAST, TERMINAL)

DEFAULTS = {
    "quiet": "#7d8696",
    "rule": "#2c313c",
    "chip": "#2f3643",
    "present": "#86c98a",
    "on-accent": "#15171c",
}
"""Values of our own variables for a theme that does not know them."""
