"""Writing chats down for people and programs: Markdown, HTML, JSON Lines."""
