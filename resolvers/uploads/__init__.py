"""Files that users send along with requests: received, checked, stored. No HTTP."""
