"""Reading an official notice (txt, docx, xlsx) into the draft of a plan."""
