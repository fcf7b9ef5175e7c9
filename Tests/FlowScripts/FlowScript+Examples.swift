extension FlowScript {
  /// A request, a response, and a close by the client.
  package static let orderly = """
    0 > S 0 0 0
    0.1 < S. 0 0 1
    0.2 > . 1 0 1
    1 > P. 1 78 1
    2 < P. 1 1042 79
    200 > F. 79 0 1043
    210.1 < . 1043 0 80
    412.9 < F. 1043 0 80
    413 > . 80 0 1044
    """

  /// The server sends a RST where the client had sent a request.
  package static let aborted = """
    0 > S 0 0 0
    20 < S. 0 0 1
    20.1 > . 1 0 1
    30 > P. 1 100 1
    50 < R. 1 0 101
    """

  /// The server does not close after the client has.
  package static let leak = """
    0 > S 0 0 0
    20 < S. 0 0 1
    20.1 > . 1 0 1
    100 > F. 1 0 1
    120 < . 1 0 2
    30000 < P. 1 10 2
    30000.1 > . 2 0 11
    """

  package static let unanswered = """
    0 > S 0 0 0
    1000 > S 0 0 0
    3000 > S 0 0 0
    """

  package static let midstream = """
    0 > P. 500 10 900
    1 < . 900 0 510
    """
}

/// Handshakes that tell where a capture was taken: the delays they give are round numbers.
package enum Opened {
  /// Next to the client, 5 ms from the server.
  package static let nearClient = """
    0 > S 0 0 0
    10 < S. 0 0 1
    10 > . 1 0 1
    """
  /// 5 ms from either side.
  package static let midway = """
    0 > S 0 0 0
    10 < S. 0 0 1
    20 > . 1 0 1
    """
  /// Next to the server, 5 ms from the client.
  package static let nearServer = """
    0 > S 0 0 0
    0 < S. 0 0 1
    10 > . 1 0 1
    """
}
