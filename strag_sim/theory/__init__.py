"""Closed forms that the engines are held against: queues, order statistics, policies at zero load.

Times are in seconds, rates per second. A law is given by its survival function, see `laws`.
"""
