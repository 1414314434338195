"""Google Cloud's APIs on loopback, as far as the program's stacks use them.

What is sent is stored and checked against Google's own descriptions of its APIs; operations take their time, and what
others use cannot be deleted. What Google adds to an answer is written from its documentation: a difference that only
this imitation causes is its fault.
"""
