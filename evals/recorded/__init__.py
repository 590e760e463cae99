"""What a competent model replied to the golden questions, to be replayed over HTTP as a gate."""
