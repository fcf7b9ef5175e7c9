/// One of the two ends of a connection, named by who opened it.
package enum Side: UInt8, CaseIterable, Sendable {
  /// Sent the SYN.
  case client
  /// Answered it.
  case server

  package var peer: Side { self == .client ? .server : .client }

  /// The side's name as the record spells it.
  package var name: String { self == .client ? "client" : "server" }
}

/// A value for each side of a connection.
package struct PerSide<Value> {
  package var client: Value
  package var server: Value

  @inlinable
  package init(client: Value, server: Value) {
    self.client = client
    self.server = server
  }

  @inlinable
  package init(both value: Value) { self.init(client: value, server: value) }

  /// The value of one side and that of its peer.
  init(_ side: Side, _ value: Value, peer: Value) {
    self = side == .client ? Self(client: value, server: peer) : Self(client: peer, server: value)
  }

  @inlinable
  package subscript(side: Side) -> Value {
    get { side == .client ? client : server }
    _modify {
      if side == .client { yield &client } else { yield &server }
    }
  }

  /// The same values with the sides exchanged.
  package var swapped: Self { Self(client: server, server: client) }
}

extension PerSide: Sendable where Value: Sendable {}
extension PerSide: Equatable where Value: Equatable {}
