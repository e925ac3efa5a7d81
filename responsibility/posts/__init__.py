"""Comings and goings: a post changes hands, its holder is on leave, a person leaves."""
