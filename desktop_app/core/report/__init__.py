"""What goes out in print, computed: Word and Excel files from views.  What must be drawn is handed to a `Paper`."""
