"""What is out of the ordinary in the channel, with the evidence for and against it."""
