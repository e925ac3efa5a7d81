"""The dashboard of a head: where is it bad, who is late, is it getting better?"""
