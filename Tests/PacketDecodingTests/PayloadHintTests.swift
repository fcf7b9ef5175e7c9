import Testing

@testable import PacketDecoding

@Suite("Hints of a payload")
struct PayloadHintTests {
  private func hint(_ octets: [UInt8]) -> PayloadHint { PayloadHint(decoding: octets.span) }

  private func hint(_ text: String) -> PayloadHint { hint(Array(text.utf8)) }

  @Test(
    arguments: [
      ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody", [.http, .connectionClose], 0),
      (
        "HTTP/1.1 200 OK\r\nDate: today\r\nCONNECTION:  Close\r\n\r\n", [.http, .connectionClose], 0
      ),
      ("HTTP/1.1 200 OK\r\nConnection: upgrade, close\r\n\r\n", [.http, .connectionClose], 0),
      ("HTTP/1.0 200 OK\r\nServer: x\r\n\r\n", [.http, .http10], 0),
      (
        "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nKeep-Alive: timeout=5, max=99\r\n\r\n",
        [.http, .http10, .connectionKeepAlive, .keepAliveTimeout], 5
      ),
      (
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=99999999999\r\n\r\n", [.http, .keepAliveTimeout],
        65_535
      ),
      ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", [.http, .connectionClose], 0),
      ("POST /form HTTP/1.0\r\nHost: a\r\n\r\n", [.http, .http10], 0),
    ] as [(String, PayloadHint.Kinds, UInt16)])
  func `the head of an HTTP message tells of the close`(
    text: String, kinds: PayloadHint.Kinds, seconds: UInt16
  ) {
    #expect(hint(text) == PayloadHint(kinds: kinds, seconds: seconds))
  }

  @Test(arguments: [
    "HTTP/2 200\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK", "GET /",
    "GETTING HTTP/1.1 is fun\r\n",
    "hello, world\r\n", "Connection: close\r\n\r\n", "PUT it down\r\nConnection: close\r\n\r\n", "",
  ])
  func `what is no HTTP/1 message tells nothing`(text: String) {
    #expect(hint(text).isEmpty)
  }

  @Test func `what stands behind the head is no field of it`() {
    #expect(hint("HTTP/1.1 200 OK\r\n\r\nConnection: close\r\n\r\n").kinds == .http)
  }

  @Test(
    arguments: [
      ([0x16, 3, 1, 2, 0, 1, 0, 1], .tls), ([0x17, 3, 3, 0, 64, 0, 0, 0], .tls),
      ([0x15, 3, 3, 0, 2, 1, 0, 0], [.tls, .tlsAlert]),
      ([0x15, 3, 3, 0, 26, 9, 9, 9], [.tls, .tlsAlert]),
      ([0x17, 3, 3, 0, 19, 9, 9, 9], [.tls, .tlsAlert]), ([0x15, 3, 3, 9, 9, 9, 9, 9], .tls),
      ([0x17, 2, 3, 0, 19, 9, 9, 9], []), ([0x18, 3, 3, 0, 19, 9, 9, 9], []),
    ] as [([UInt8], PayloadHint.Kinds)])
  func `a TLS record is told, and an alert by its type or its size`(
    octets: [UInt8], kinds: PayloadHint.Kinds
  ) {
    #expect(hint(octets).kinds == kinds)
  }

  @Test func `a head cut off anywhere is read as far as it goes`() {
    let text = "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=15\r\nConnection: close\r\n\r\n"
    for length in 0...text.utf8.count {
      let found = hint(Array(text.utf8.prefix(length)))
      #expect(found.seconds == 0 || found.seconds == 15)
    }
  }
}
