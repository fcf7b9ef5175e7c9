import PacketDecoding
import Testing

@testable import TeardownReport

@Suite("Numbers and times of the record")
struct NumberTests {
  static let secondsTable: [(Int64, String)] = [
    (0, "0"), (1, "0.000000001"), (200_000_000, "0.2"), (60_000_000_000, "60"),
    (60_000_000_001, "60.000000001"), (-500_000_000, "-0.5"), (-1, "-0.000000001"),
    (100_000_000_000, "100"), (1_234_567_890, "1.23456789"),
    (.max, "9223372036.854775807"), (.min, "-9223372036.854775808"),
  ]

  @Test("seconds are exact, without exponent and without zeros at the end", arguments: secondsTable)
  func seconds(nanoseconds: Int64, expected: String) {
    #expect(String(capacity: 21) { $0.add(seconds: nanoseconds) } == expected)
    #expect(String { $0.put(seconds: nanoseconds) } == expected)
  }

  static let timesTable: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00.000000000Z"),
    (1_795_324_260_123_456_789, "2026-11-22T05:11:00.123456789Z"),
    (-1, "1969-12-31T23:59:59.999999999Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
    (951_868_800_000_000_000, "2000-03-01T00:00:00.000000000Z"),
    (-2_203_977_600_000_000_000, "1900-02-28T00:00:00.000000000Z"),
    (-2_203_891_200_000_000_000, "1900-03-01T00:00:00.000000000Z"),
    (1_767_225_599_999_999_999, "2025-12-31T23:59:59.999999999Z"),
    (.max, "2262-04-11T23:47:16.854775807Z"), (.min, "1677-09-21T00:12:43.145224192Z"),
  ]

  @Test("moments are RFC 3339 in UTC, from 1677 to 2262", arguments: timesTable)
  func times(nanoseconds: Int64, expected: String) {
    #expect(String(capacity: 30) { $0.add(rfc3339: nanoseconds) } == expected)
    #expect(String { $0.put(rfc3339: nanoseconds) } == expected)
  }

  static let integersTable: [(Int, String)] = [
    (0, "0"), (9, "9"), (10, "10"), (-7, "-7"), (1_000_000, "1000000"),
    (.max, "9223372036854775807"), (.min, "-9223372036854775808"),
  ]

  @Test(arguments: integersTable)
  func integers(number: Int, expected: String) {
    #expect(String(capacity: 20) { $0.add(decimal: number) } == expected)
    #expect(String { $0.put(decimal: number) } == expected)
  }

  static let addressesTable = [
    "0.0.0.0", "10.77.0.1", "255.255.255.255", "::", "2001:db8::1", "::ffff:192.0.2.1",
    "1111:2222:3333:4444:5555:6666:7777:8888",
  ]

  @Test("an address reads as its description", arguments: addressesTable)
  func addresses(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(String(capacity: 45) { $0.add(address) } == text)
    #expect(String { $0.put(address) } == text)
  }

  static let stringsTable: [(String, String)] = [
    ("", "\"\""), ("web-1", "\"web-1\""), ("a\"b\\c", #""a\"b\\c""#),
    ("\n\r\t\u{0}\u{1F}", #""\n\r\t\u0000\u001f""#), ("\u{7F}\u{9B}2J", #""\u007f\u009b2J""#),
    ("\u{2028}\u{2029}", #""\u2028\u2029""#), ("\u{202E}\u{61C}", #""\u202e\u061c""#),
    ("\u{E0041}", #""\udb40\udc41""#), ("ünï 🚪", "\"ünï 🚪\""),
  ]

  @Test(
    "strings are escaped as RFC 8259 has it, and so that terminals stay calm",
    arguments: stringsTable)
  func strings(text: String, expected: String) {
    var json = JSONWriter()
    json.value(text)
    #expect(String(decoding: json.octets, as: UTF8.self) == expected)
  }

  @Test("commas stand between values and nowhere else")
  func commas() {
    var json = JSONWriter()
    json.beginObject()
    json.name("a")
    json.beginArray()
    json.value(1)
    json.value(true)
    json.null()
    json.endArray()
    json.name("b")
    json.beginObject()
    json.endObject()
    json.name("c")
    json.value(seconds: -500_000_000)
    json.endObject()
    #expect(String(decoding: json.octets, as: UTF8.self) == #"{"a":[1,true,null],"b":{},"c":-0.5}"#)
  }

  static let durationsTable: [(Int64, String, String)] = [
    (0, "0 ms", "0us"), (87_000, "0.087 ms", "87us"), (413_200_000, "413.2 ms", "413ms"),
    (1_005_000_000, "1.005 s", "1.00s"), (60_800_000_000, "60.8 s", "60.8s"),
    (119_000_000_000, "119 s", "119s"), (725_000_000_000, "12 min 5 s", "725s"),
    (1_205_000_000_000, "20 min 5 s", "20m05"), (12_000_000_000_000, "3 h 20 min", "3h20m"),
    (.max, "2,562,047 h 47 min", "106751d23h"), (-500_000_000, "-500 ms", "500ms"),
  ]

  @Test("lengths of time read well", arguments: durationsTable)
  func durations(nanoseconds: Int64, long: String, short: String) {
    #expect(Wording.duration(nanoseconds) == long)
    #expect(Wording.shortDuration(nanoseconds) == short)
  }

  static let groupsTable: [(Int, String)] = [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
    (.min, "-9,223,372,036,854,775,808"),
  ]

  @Test(arguments: groupsTable)
  func thousands(number: Int, expected: String) { #expect(Wording.grouped(number) == expected) }

  @Test("what a terminal would obey is shown instead")
  func terminal() {
    #expect("web\u{1B}[2J\u{202E}\n1".escapedForTerminal == "web\\u{1B}[2J\\u{202E}\\u{A}1")
    #expect("\u{61C}\u{E0041}\u{AD}".escapedForTerminal == "\\u{61C}\\u{E0041}\\u{AD}")
  }
}
