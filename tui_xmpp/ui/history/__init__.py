"""The history of a chat: one Line-API widget with a window of the store's messages."""
