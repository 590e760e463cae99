"""The language-model path: the same tools, planned and worded by a model, verified as ever."""
