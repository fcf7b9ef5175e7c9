/// One of the two ends of a connection, named by who opened it.
package enum Side: UInt8, CaseIterable, Sendable {
  /// Sent the SYN.
  case client
  /// Answered it.
  case server

  @inline(__always)
  package var peer: Side { self == .client ? .server : .client }

  /// The side's name as the record spells it.
  package var name: String { self == .client ? "client" : "server" }
}

/// A value for each side of a connection.
package struct PerSide<Value> {
  // Not two properties: which side sends is not to be foreseen, and this way nothing branches on it.
  private var values: InlineArray<2, Value>

  @inline(__always)
  package init(client: Value, server: Value) { values = [client, server] }

  @inline(__always)
  package init(both value: Value) { values = [value, value] }

  /// The value of one side and that of its peer.
  @inline(__always)
  init(_ side: Side, _ value: Value, peer: Value) {
    self = side == .client ? Self(client: value, server: peer) : Self(client: peer, server: value)
  }

  package var client: Value {
    @inline(__always) get { values[0] }
    @inline(__always) _modify { yield &values[0] }
  }

  package var server: Value {
    @inline(__always) get { values[1] }
    @inline(__always) _modify { yield &values[1] }
  }

  package subscript(side: Side) -> Value {
    // Reading by a computed place would first copy both values to memory.
    @inline(__always) get { side == .client ? values[0] : values[1] }
    @inline(__always) _modify { yield &values[Int(side.rawValue)] }
  }

  /// The same values with the sides exchanged.
  package var swapped: Self { Self(client: server, server: client) }
}

extension PerSide: Sendable where Value: Sendable {}

extension PerSide: Equatable where Value: Equatable {
  @inline(__always)
  package static func == (a: Self, b: Self) -> Bool {
    a.client == b.client && a.server == b.server
  }
}
