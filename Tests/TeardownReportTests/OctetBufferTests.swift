import PacketDecoding
import Testing

@testable import TCPTeardown
@testable import TeardownReport

@Suite("Text put together in words")
struct OctetBufferTests {
  @Test("numbers of every length read as the library writes them")
  func numbers() {
    var number: UInt64 = 0
    while true {
      for near in [number, number &- 1, number &+ 1] {
        #expect(String { $0.put(decimal: near) } == String(near))
      }
      let (next, overflow) = max(1, number).multipliedReportingOverflow(by: 10)
      guard !overflow else { break }
      number = next
    }
    for number in 0..<100 {
      #expect(String { $0.put(twoDigits: number) } == (number < 10 ? "0" : "") + String(number))
    }
  }

  @Test("every digit of a fraction comes out, and no zero behind the last")
  func fractions() {
    for seconds: Int64 in [0, 7, 12, 99_999, 100_000, 123_456_789] {
      for fraction: Int64 in [0, 1, 10, 12_345, 100_000_000, 123_456_789, 900_000_001] {
        let nanoseconds = seconds * 1_000_000_000 + fraction
        let text = String { $0.put(seconds: nanoseconds) }
        #expect(text == String(capacity: 21) { $0.add(seconds: nanoseconds) })
        #expect("-" + text == String { $0.put(seconds: -nanoseconds) } || nanoseconds == 0)
      }
    }
  }

  @Test("IPv6 addresses are shortened as their description is")
  func addresses() {
    // Each pattern of groups that are zero.
    for zeros in 0..<256 {
      var bits: UInt128 = 0
      for group in 0..<8 {
        let isZero = zeros >> group & 1 == 1
        bits = bits << 16 | UInt128(isZero ? 0 : [0x1, 0x20, 0x300, 0xABCD][(group + zeros) % 4])
      }
      let address = IPAddress.v6(bits)
      #expect(String { $0.put(address) } == address.description)
      let endpoint = Endpoint(address: address, port: 65535)
      #expect(String { $0.put(endpoint) } == endpoint.description)
    }
  }

  @Test("what does not fit goes out first, and nothing is lost or told twice")
  func room() {
    var expected = ""
    var output: [UInt8] = []
    var buffer = OctetBuffer()
    let snippet = Snippet("between 0 and 32 octets")
    for number in 0..<5000 {
      buffer.makeRoom(for: 64, in: &output)
      buffer.put(snippet)
      buffer.put(decimal: number)
      expected += "between 0 and 32 octets\(number)"
    }
    buffer.flush(into: &output)
    buffer.flush(into: &output)
    #expect(String(decoding: output, as: UTF8.self) == expected)
  }

  @Test("strings are as JSON has them, whatever their length")
  func strings() {
    for text in ["", "linux", "a\"b", "ünï", String(repeating: "long ", count: 900), "\u{7F}"] {
      var output: [UInt8] = []
      var buffer = OctetBuffer()
      buffer.put(0x3A)
      buffer.put(json: text, in: &output)
      buffer.flush(into: &output)
      var writer = JSONWriter()
      writer.value(text)
      #expect(output == [0x3A] + writer.octets)
    }
  }

  @Test("each case has a place of its own")
  func places() {
    func check<Case: Placed>(_ type: Case.Type) {
      #expect(Set(type.allCases.map(\.place)) == Set(0..<type.allCases.count))
    }
    check(State.self)
    check(Outcome.self)
    check(FlowRecord.Written.self)
    check(Closer.Sides.self)
    check(TimeWait.End.self)
    check(Finding.Code.self)
  }
}
