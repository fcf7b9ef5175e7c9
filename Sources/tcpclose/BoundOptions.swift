import ArgumentParser
import TCPTeardown

/// What bounds the memory that a capture may take.
struct BoundOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Connections followed at a time; with more, some are told early.",
      valueName: "n"))
  var maxFlows = FlowTable.usualLimit

  func validate() throws {
    // The number of a row must fit in 32 bits.
    guard (1...Int(Int32.max)).contains(maxFlows) else {
      throw ValidationError("--max-flows takes a number from 1 to \(Int32.max).")
    }
  }
}
