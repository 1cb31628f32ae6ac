"""Reading adverts: the training of the model of sentences that ask for a skill, and how well they are found.

SkillSpan (Zhang, Jensen, Sonniks and Plank 2022; MIT, Copyright (c) 2023 Mike Zhang) is in skillspan.zip with its
licence: sentences of adverts in English from two sources, "tech" and "house", with the spans that ask for skills and
knowledge.
"""
