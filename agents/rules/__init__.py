"""The embedded planner: a question in Chinese, English or both → a typed plan, without a model.

Order of work: `text` folds the writing; `lexicon` and `words` find everything that has a meaning;
`tokens` chooses a best non-overlapping cover; `slots` reads the tokens into a draft; `build` turns
the draft into a QuerySpec; whatever content was not used is a residual, and a residual is never
ignored: it leads to a question back or a refusal.
"""
