"""All cases, in the order of their numbers."""

from recording.cases import (basic, half_open, http, idle, loss, many, opening, resets,
                             time_wait)

ALL = [case for module in (basic, http, loss, half_open, resets, time_wait, opening, idle, many)
       for case in module.CASES]
