import ArgumentParser
import TCPTeardown

/// What the user may assume where packets do not tell.
struct AssumptionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long TIME-WAIT lasts on the side that holds it. (default: linux)",
      discussion: ProfileArgument.words, valueName: "name|duration"),
    transform: { try ProfileArgument($0) })
  var profile = ProfileArgument(profile: .linux)

  @Option(
    help: ArgumentHelp(
      "CLOSE-WAIT of at least this length is reported as a leak. (default: 10s)",
      valueName: "duration"),
    transform: { try DurationArgument($0) })
  var closeWait = DurationArgument(nanoseconds: 10_000_000_000)

  var options: ReconstructionOptions {
    ReconstructionOptions(profile: profile.profile, closeWaitLimit: closeWait.nanoseconds)
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
