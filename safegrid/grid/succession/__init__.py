"""Reorganisation by succession: merged, split, renamed, recoded on a day. The past reads as it was.

Nodes never move and are never rewritten: the old ones close, new ones open for the whole subtree, and the
*current* place of every row goes along. What a row keeps of its place *then* stays.
"""
