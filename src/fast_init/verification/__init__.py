"""Is this array that draw?"""
