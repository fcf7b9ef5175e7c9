"""All cases, in the order of their numbers."""

from recording.cases import (basic, half_open, http, idle, loss, many, near_misses, opening,
                             path_mtu, pools, resets, time_wait, tls)

ALL = [case for module in (basic, http, loss, half_open, resets, time_wait, opening, idle, many,
                           tls, pools, path_mtu, near_misses)
       for case in module.CASES]
