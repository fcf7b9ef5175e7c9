import PacketDecoding
import Testing

@Suite("Addresses as text")
struct IPAddressTests {
  /// Canonical forms, most of them from RFC 5952 §4 and §5.
  static let canonical: [String] = [
    "0.0.0.0", "192.0.2.1", "255.255.255.255", "10.0.0.255",
    "::", "::1", "1::", "2001:db8::1", "2001:db8:0:1:1:1:1:1", "2001:0:0:1::1",
    "2001:db8::1:0:0:1", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1", "fe80::abcd", "::ffff:192.0.2.1",
    "64:ff9b::c000:201", "1:2:3:4:5:6:7:8", "0:1:2:3:4:5:6:7",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  ]

  @Test("canonical texts survive the round trip", arguments: canonical)
  func roundTrip(text: String) throws {
    #expect(try #require(IPAddress(text)).description == text)
  }

  static let rewritten: [(text: String, canonical: String)] = [
    ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
    ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:DB8::A", "2001:db8::a"),
    ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("0:0:0:0:0:0:0:0", "::"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
    ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
  ]

  @Test("other forms are made canonical", arguments: rewritten)
  func rewrites(text: String, canonical: String) throws {
    #expect(try #require(IPAddress(text)).description == canonical)
  }

  static let refused: [String] = [
    "", " ", ":", ":::", "::::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.+4",
    "1..2.3", ".1.2.3", "1.2.3.", "01.2.3.4", "1.2.3.00", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n",
    "1.2.3.4\0", "0x1.2.3.4", "1.2.3.٤", "1.2.3.４", "1.2.3.4\u{301}",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1::2::3", ":1::2", "1::2:",
    "12345::", "::g", "::+1", "::-1", "::１", "fe80::1%eth0", "[::1]", "::1/64",
    "1.2.3.4::", "1.2.3.4::1", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.04",
    String(repeating: ":", count: 10_000), String(repeating: "1:", count: 10_000),
    String(repeating: "1.", count: 10_000), String(repeating: "9", count: 10_000),
  ]

  @Test("what is no address is refused", arguments: refused)
  func refuses(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("random addresses survive the round trip")
  func randomRoundTrip() {
    var random = SeededGenerator(state: 1)
    for _ in 0..<2000 {
      var bits = UInt128.random(in: 0 ... .max, using: &random)
      for group in 0..<8 where Bool.random(using: &random) {
        bits &= ~(0xFFFF << UInt128(group * 16))
      }
      let address = IPAddress.v6(bits)
      #expect(IPAddress(address.description) == address)
    }
  }

  @Test("IPv4 comes before IPv6, and numbers decide within each")
  func order() throws {
    let texts = ["0.0.0.1", "10.0.0.2", "192.0.2.1", "::", "::1", "2001:db8::1"]
    let addresses = try texts.map { try #require(IPAddress($0)) }
    #expect(addresses.reversed().sorted() == addresses)
    #expect(IPAddress.v4(1) != IPAddress.v6(1))
  }

  @Test("an endpoint's text keeps its port apart")
  func endpoint() {
    #expect(Endpoint(address: client, port: 80).description == "192.0.2.1:80")
    #expect(Endpoint(address: client6, port: 80).description == "[2001:db8::1]:80")
  }
}
