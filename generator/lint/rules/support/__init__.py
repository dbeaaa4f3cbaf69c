"""What gets no more fixes, or lacks some, on a day."""
