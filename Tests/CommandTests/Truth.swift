import Foundation
import PacketDecoding
import TCPTeardown

/// The kernel's own account of one case, as `Fixtures/record` wrote it.
struct Truth: Decodable {
  var flows: [TrueFlow]

  struct TrueFlow: Decodable {
    var client: End
    var server: End
    /// Nanoseconds since the Unix epoch.
    var opened: Int64
    var closedBy: String?
    var sides: Sides
    var timeWait: [Wait]
  }

  struct End: Decodable {
    var address: String
    var port: UInt16

    var endpoint: Endpoint? {
      IPAddress(address).map { Endpoint(address: $0, port: port) }
    }
  }

  struct Sides: Decodable {
    var client: States
    var server: States

    subscript(side: Side) -> [TrueState] { side == .client ? client.states : server.states }
  }

  struct States: Decodable { var states: [TrueState] }

  struct TrueState: Decodable {
    var state: String
    /// Nanoseconds since the Unix epoch; nil where the kernel does not tell.
    var enteredAt: Int64?
  }

  struct Wait: Decodable {
    var side: String
    var enteredAt: Int64
    var leftAt: Int64?
    var restarts: Int
    var endedBy: String
  }

  init(of name: String) throws {
    let file = Fixtures.folder.appending(path: "\(name)/truth.json")
    self = try JSONDecoder().decode(Truth.self, from: Data(contentsOf: file))
  }

  private enum CodingKeys: CodingKey { case flows }
}
