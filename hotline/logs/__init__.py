"""The log stream: what is told, in which words, and how it looks."""
