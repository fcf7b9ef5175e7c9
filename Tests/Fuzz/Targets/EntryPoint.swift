internal import Glibc

/// What is fuzzed: one of these a process, so that one build serves all.
enum Target: String, CaseIterable {
  case readers, decoder, chain, moves

  func run(_ octets: [UInt8]) {
    switch self {
    case .readers: ReaderTarget.run(octets)
    case .decoder: DecoderTarget.run(octets)
    case .chain: ChainTarget.run(octets)
    case .moves: MovesTarget.run(octets)
    }
  }

  /// The target that `FUZZ_TARGET` names.
  static let chosen: Target = {
    guard let name = getenv("FUZZ_TARGET"), let target = Target(rawValue: String(cString: name))
    else {
      fatalError("FUZZ_TARGET must name one of \(allCases.map(\.rawValue))")
    }
    return target
  }()
}

/// What libFuzzer calls for each input; 0 keeps the input if it reached new code.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Target.chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

/// Ends the process, so that libFuzzer keeps the input, unless `holds`.
func expect(_ holds: Bool, _ fault: @autoclosure () -> String) {
  if !holds { fatalError(fault()) }
}
