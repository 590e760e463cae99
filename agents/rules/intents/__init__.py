"""Questions that other tools than the query answer: whose words they are, what they take.

One file per family of tools. Each says which words it owns, which parts of a reading it can carry,
and how these become the tool's arguments; whatever else stands in the question is asked back.
"""
