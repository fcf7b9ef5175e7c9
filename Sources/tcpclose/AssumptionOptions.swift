import ArgumentParser
import TCPTeardown
import TeardownReport

/// What the user may assume where packets do not tell.
struct AssumptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long TIME-WAIT lasts on the side that holds it. (default: linux)",
      discussion: ProfileArgument.words, valueName: "name|duration"),
    completion: .list(Profile.named.map(\.name)),
    transform: { try ProfileArgument($0) })
  var profile = ProfileArgument(profile: .linux)

  @Option(
    help: ArgumentHelp(
      "CLOSE-WAIT of at least this length is reported as a leak. (default: 10s)",
      valueName: "duration"),
    transform: { try DurationArgument($0) })
  var closeWait = DurationArgument(nanoseconds: 10_000_000_000)

  @Flag(help: "Take frames that show a segment again for segments: a host sent each of them.")
  var keepDuplicates = false

  var options: ReconstructionOptions {
    ReconstructionOptions(
      profile: profile.profile, closeWaitLimit: closeWait.nanoseconds,
      keepsDuplicates: keepDuplicates)
  }
}

/// A profile's name, or a duration of TIME-WAIT.
struct ProfileArgument: Sendable, CustomStringConvertible {
  let profile: Profile

  init(profile: Profile) { self.profile = profile }

  init(_ argument: String) throws(InvalidArgument) {
    if let named = Profile.named.first(where: { $0.name == argument.lowercased() }) {
      profile = named
    } else if let duration = try? DurationArgument(argument) {
      profile = Profile(
        name: argument, timeWait: duration.nanoseconds, finWait2: Profile.linux.finWait2)
    } else {
      let names = Profile.named.map(\.name).joined(separator: ", ")
      throw InvalidArgument("it is none of", list: names + ", nor a duration such as 45s")
    }
  }

  var description: String { profile.name }

  /// Each profile with its TIME-WAIT.
  static let words: String = {
    let named = Profile.named.map {
      "\($0.name) (\(DurationArgument(nanoseconds: $0.timeWait)))"
    }
    return named.joined(separator: ", ") + ", or a duration such as 45s"
  }()
}

/// What the user may assume of clients, where the whole capture is told.
struct PortOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Ports that clients take theirs from. (default: 32768-60999)", valueName: "low-high"),
    transform: { try PortRangeArgument($0) })
  var ephemeralPorts = PortRangeArgument(ports: PortBudget.linuxPorts)
}

/// A range of ports: `32768-60999`.
struct PortRangeArgument: Equatable, Sendable {
  let ports: ClosedRange<UInt16>

  init(ports: ClosedRange<UInt16>) { self.ports = ports }

  init(_ argument: String) throws(InvalidArgument) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low > 0, low <= high else {
      throw InvalidArgument("write a range of ports as 32768-60999")
    }
    ports = low...high
  }
}
