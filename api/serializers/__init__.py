"""What goes in and out: shapes for the API document, readers that build answers, checks of what is sent."""
