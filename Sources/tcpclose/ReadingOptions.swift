import ArgumentParser

/// How files are read: as one capture or each by itself, at once or as they grow.
///
/// One group, for each takes hundreds of thousands of instructions to parse.
struct ReadingOptions: ParsableArguments {
  @Flag(help: "Read each file as a capture of its own, with a report of its own.")
  var separate = false

  @Flag(help: "Go on as the file grows, like tail -f; Ctrl-C ends it with the summary.")
  var follow = false

  @Option(
    name: [.customShort("c"), .customLong("count")], parsing: .unconditional,
    help: ArgumentHelp("With --follow: end after so many packets.", valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "With --follow: end after this time, such as 30s or 10m.", valueName: "duration"),
    transform: { try DurationArgument($0) })
  var duration: DurationArgument?

  @Flag(help: "Use one thread instead of reading ahead: slower, and easy on the processors.")
  var oneThread = false

  func validate() throws {
    if let count, count < 1 { throw ValidationError("-c takes a number of packets, 1 or more.") }
    if !follow, count != nil || duration != nil {
      throw ValidationError("-c and --duration end what is followed: they go with --follow.")
    }
  }
}
