function __tcpclose_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __tcpclose_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __tcpclose_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __tcpclose_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __tcpclose_parse_tokens -S
    set -l unparsed_tokens (__tcpclose_tokens -pc)
    # Where no subcommand is named, words are those of 'read'.
    if test (count $unparsed_tokens) -gt 1
        contains -- $unparsed_tokens[2] read live explain ports interfaces help
        or set unparsed_tokens $unparsed_tokens[1] read $unparsed_tokens[2..]
    end
    switch $unparsed_tokens[1]
    case 'tcpclose'
        __tcpclose_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'read'
            __tcpclose_parse_subcommand -r 1 'f/filter=' 'by-vlan' 'by-tunnel' 'label=' 'separate' 'follow' 'c/count=' 'duration=' 'one-thread' 'max-flows=' 'stream=' 'host=' 'outcome=' 'closed-by=' 'time-wait=' 'finding=' 'reset=' 'format=' 'summary' 'sort=' 'limit=' 'all' 'w/write=' 'fail-on=' 'o/output=' 'utc' 'local' 'color=' 'profile=' 'close-wait=' 'keep-duplicates' 'ephemeral-ports=' 'version' 'h/help'
        case 'live'
            __tcpclose_parse_subcommand 0 'i/interface=' 'f/filter=' 'by-vlan' 'by-tunnel' 'label=' 's/snapshot-length=' 'B/buffer-size=' 'p/no-promiscuous-mode' 'c/count=' 'duration=' 'user=' 'stream=' 'host=' 'outcome=' 'closed-by=' 'time-wait=' 'finding=' 'reset=' 'format=' 'summary' 'sort=' 'limit=' 'all' 'w/write=' 'fail-on=' 'o/output=' 'utc' 'local' 'color=' 'max-flows=' 'profile=' 'close-wait=' 'keep-duplicates' 'ephemeral-ports=' 'version' 'h/help'
        case 'explain'
            __tcpclose_parse_subcommand -r 1 'f/filter=' 'by-vlan' 'by-tunnel' 'label=' 'stream=' 'o/output=' 'utc' 'local' 'color=' 'max-flows=' 'profile=' 'close-wait=' 'keep-duplicates' 'version' 'h/help'
        case 'ports'
            __tcpclose_parse_subcommand -r 1 'f/filter=' 'by-vlan' 'by-tunnel' 'label=' 'separate' 'follow' 'c/count=' 'duration=' 'one-thread' 'max-flows=' 'stream=' 'host=' 'outcome=' 'closed-by=' 'time-wait=' 'finding=' 'reset=' 'format=' 'limit=' 'fail-on=' 'o/output=' 'utc' 'local' 'color=' 'profile=' 'close-wait=' 'keep-duplicates' 'ephemeral-ports=' 'version' 'h/help'
        case 'interfaces'
            __tcpclose_parse_subcommand 0 'version' 'h/help'
        case 'help'
            __tcpclose_parse_subcommand -r 1 'version'
        end
    end
end

function __tcpclose_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __tcpclose_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __tcpclose_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __tcpclose_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__tcpclose_tokens -p)
    if test -z "$(__tcpclose_tokens -t)"
        set -l index (count (__tcpclose_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'tcpclose' -f
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" version' -l 'version' -d 'Show the version.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose" -eq 1' -fa 'read' -d 'Tells how every connection in a capture ended, then the summary.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose" -eq 1' -fa 'live' -d 'Captures, and tells how each connection ended as soon as it has.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose" -eq 1' -fa 'explain' -d 'Tells of one connection why each claim follows, and what would settle the doubts.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose" -eq 1' -fa 'ports' -d 'Tells which ports clients hold, TIME-WAIT included, and when they run out.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose" -eq 1' -fa 'interfaces' -d 'Lists what can be captured on.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose read" -ge 1' -fa '(set -l exts \'pcap\' \'pcapng\' \'cap\' \'gz\' \'zst\' \'lz4\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" f filter' -s 'f' -l 'filter' -d 'Packets that match this libpcap filter, as for tcpdump.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" by-vlan' -l 'by-vlan' -d 'Take the same endpoints in another VLAN for another connection; stream numbers are then no longer Wireshark\'s.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" by-tunnel' -l 'by-tunnel' -d 'The same for tunnels, by the numbers of VXLAN, Geneve, GRE, LISP, PPPoE and 802.1ah.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" label' -l 'label' -d 'The capture\'s name in reports and records.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" separate' -l 'separate' -d 'Read each file as a capture of its own, with a report of its own.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" follow' -l 'follow' -d 'Go on as the file grows, like tail -f; Ctrl-C ends it with the summary.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" c count' -s 'c' -l 'count' -d 'With --follow: end after so many packets.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" duration' -l 'duration' -d 'With --follow: end after this time, such as 30s or 10m.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" one-thread' -l 'one-thread' -d 'Use one thread instead of reading ahead: slower, and easy on the processors.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" max-flows' -l 'max-flows' -d 'Connections followed at a time; with more, some are told early.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" stream' -l 'stream' -d 'These flows, by Wireshark\'s stream number: 7 or 1,4-9.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" host' -l 'host' -d 'Flows with this address or endpoint at either end.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" outcome' -l 'outcome' -d 'Flows with one of these outcomes.' -rfka 'refused unreachable unanswered reset simultaneous orderly closing partial open'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" closed-by' -l 'closed-by' -d 'Flows that this side closed first.' -rfka 'client server both unknown none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" time-wait' -l 'time-wait' -d 'Flows that left this side in TIME-WAIT.' -rfka 'client server both none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" finding' -l 'finding' -d 'Flows with one of these findings.' -rfka 'close-wait-leak fin-wait-2-orphan half-close fin-retransmitted last-ack-lost time-wait-restarted time-wait-skipped time-wait-reuse connect-timeout read-timeout idle-timeout keep-alive-race gave-up rst-ignored reset-suspect icmp-unreachable mtu-black-hole superseded midstream one-sided gap duplicate-frames reordered evidence-overflow'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" reset' -l 'reset' -d 'Flows with a RST of one of these causes.' -rfka 'refused time-wait-refusal syn-gave-up keep-alive-race read-timeout time-wait-assassination orphan-gone data-after-close keep-alive-failed retransmission-timeout peer-gone abort unknown'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" format' -l 'format' -d 'How to print.' -rfka 'text brief jsonl json csv html'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" summary' -l 'summary' -d 'Print the summary alone.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" sort' -l 'sort' -d 'Sort the flows, and tell the first by this: harm, close-wait, time-wait and duration begin with the most, stream and end with the earliest.' -rfka 'harm stream end duration time-wait close-wait'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" limit' -l 'limit' -d 'Flows to tell one by one at most: the first by --sort, else the most harmful (default: 100 timelines, or flows that are sorted; 500 on a page).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" all' -l 'all' -d 'Print every timeline.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" w write' -s 'w' -l 'write' -d 'Also write the packets of these flows to this capture file, which must be new.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" fail-on' -l 'fail-on' -d 'Exit with status 1 if a flow or the capture matches one of these (docs/gates.md).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" o output' -s 'o' -l 'output' -d 'Write to this file, in place of what it held.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" utc' -l 'utc' -d 'Times of day in UTC (the default).'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" local' -l 'local' -d 'Times of day in local time.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" color' -l 'color' -d 'When to use colour.' -rfka 'auto always never'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" profile' -l 'profile' -d 'How long TIME-WAIT lasts on the side that holds it. (default: linux)' -rfka 'linux windows macos freebsd rfc9293'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" close-wait' -l 'close-wait' -d 'CLOSE-WAIT of at least this length is reported as a leak. (default: 10s)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" keep-duplicates' -l 'keep-duplicates' -d 'Take frames that show a segment again for segments: a host sent each of them.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" ephemeral-ports' -l 'ephemeral-ports' -d 'Ports that clients take theirs from. (default: 32768-60999)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" version' -l 'version' -d 'Show the version.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose read" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" i interface' -s 'i' -l 'interface' -d 'The interface; \'tcpclose interfaces\' lists them.' -rfka '(__tcpclose_custom_completion ---completion live -- --interface (count (__tcpclose_tokens -pc)) (__tcpclose_tokens -tC))'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" f filter' -s 'f' -l 'filter' -d 'Packets that match this libpcap filter, as for tcpdump.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" by-vlan' -l 'by-vlan' -d 'Take the same endpoints in another VLAN for another connection; stream numbers are then no longer Wireshark\'s.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" by-tunnel' -l 'by-tunnel' -d 'The same for tunnels, by the numbers of VXLAN, Geneve, GRE, LISP, PPPoE and 802.1ah.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" label' -l 'label' -d 'The capture\'s name in reports and records.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" s snapshot-length' -s 's' -l 'snapshot-length' -d 'Octets to capture of each packet.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" B buffer-size' -s 'B' -l 'buffer-size' -d 'The kernel\'s buffer, in MiB.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" no-promiscuous-mode p' -s 'p' -l 'no-promiscuous-mode' -d 'Only packets from or for this host.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" c count' -s 'c' -l 'count' -d 'End after so many packets.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" duration' -l 'duration' -d 'End after this time, such as 30s or 10m.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" user' -l 'user' -d 'Become this user once the interface is open (default: who called sudo, else nobody).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" stream' -l 'stream' -d 'These flows, by Wireshark\'s stream number: 7 or 1,4-9.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" host' -l 'host' -d 'Flows with this address or endpoint at either end.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" outcome' -l 'outcome' -d 'Flows with one of these outcomes.' -rfka 'refused unreachable unanswered reset simultaneous orderly closing partial open'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" closed-by' -l 'closed-by' -d 'Flows that this side closed first.' -rfka 'client server both unknown none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" time-wait' -l 'time-wait' -d 'Flows that left this side in TIME-WAIT.' -rfka 'client server both none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" finding' -l 'finding' -d 'Flows with one of these findings.' -rfka 'close-wait-leak fin-wait-2-orphan half-close fin-retransmitted last-ack-lost time-wait-restarted time-wait-skipped time-wait-reuse connect-timeout read-timeout idle-timeout keep-alive-race gave-up rst-ignored reset-suspect icmp-unreachable mtu-black-hole superseded midstream one-sided gap duplicate-frames reordered evidence-overflow'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" reset' -l 'reset' -d 'Flows with a RST of one of these causes.' -rfka 'refused time-wait-refusal syn-gave-up keep-alive-race read-timeout time-wait-assassination orphan-gone data-after-close keep-alive-failed retransmission-timeout peer-gone abort unknown'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" format' -l 'format' -d 'How to print.' -rfka 'text brief jsonl json csv html'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" summary' -l 'summary' -d 'Print the summary alone.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" sort' -l 'sort' -d 'Sort the flows, and tell the first by this: harm, close-wait, time-wait and duration begin with the most, stream and end with the earliest.' -rfka 'harm stream end duration time-wait close-wait'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" limit' -l 'limit' -d 'Flows to tell one by one at most: the first by --sort, else the most harmful (default: 100 timelines, or flows that are sorted; 500 on a page).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" all' -l 'all' -d 'Print every timeline.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" w write' -s 'w' -l 'write' -d 'Also write the packets of these flows to this capture file, which must be new.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" fail-on' -l 'fail-on' -d 'Exit with status 1 if a flow or the capture matches one of these (docs/gates.md).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" o output' -s 'o' -l 'output' -d 'Write to this file, in place of what it held.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" utc' -l 'utc' -d 'Times of day in UTC (the default).'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" local' -l 'local' -d 'Times of day in local time.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" color' -l 'color' -d 'When to use colour.' -rfka 'auto always never'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" max-flows' -l 'max-flows' -d 'Connections followed at a time; with more, some are told early.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" profile' -l 'profile' -d 'How long TIME-WAIT lasts on the side that holds it. (default: linux)' -rfka 'linux windows macos freebsd rfc9293'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" close-wait' -l 'close-wait' -d 'CLOSE-WAIT of at least this length is reported as a leak. (default: 10s)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" keep-duplicates' -l 'keep-duplicates' -d 'Take frames that show a segment again for segments: a host sent each of them.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" ephemeral-ports' -l 'ephemeral-ports' -d 'Ports that clients take theirs from. (default: 32768-60999)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" version' -l 'version' -d 'Show the version.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose live" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose explain" -ge 1' -fa '(set -l exts \'pcap\' \'pcapng\' \'cap\' \'gz\' \'zst\' \'lz4\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" f filter' -s 'f' -l 'filter' -d 'Packets that match this libpcap filter, as for tcpdump.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" by-vlan' -l 'by-vlan' -d 'Take the same endpoints in another VLAN for another connection; stream numbers are then no longer Wireshark\'s.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" by-tunnel' -l 'by-tunnel' -d 'The same for tunnels, by the numbers of VXLAN, Geneve, GRE, LISP, PPPoE and 802.1ah.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" label' -l 'label' -d 'The capture\'s name in reports and records.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" stream' -l 'stream' -d 'The connection, by Wireshark\'s stream number.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" o output' -s 'o' -l 'output' -d 'Write to this file, in place of what it held.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" utc' -l 'utc' -d 'Times of day in UTC (the default).'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" local' -l 'local' -d 'Times of day in local time.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" color' -l 'color' -d 'When to use colour.' -rfka 'auto always never'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" max-flows' -l 'max-flows' -d 'Connections followed at a time; with more, some are told early.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" profile' -l 'profile' -d 'How long TIME-WAIT lasts on the side that holds it. (default: linux)' -rfka 'linux windows macos freebsd rfc9293'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" close-wait' -l 'close-wait' -d 'CLOSE-WAIT of at least this length is reported as a leak. (default: 10s)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" keep-duplicates' -l 'keep-duplicates' -d 'Take frames that show a segment again for segments: a host sent each of them.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" version' -l 'version' -d 'Show the version.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose explain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose ports" -ge 1' -fa '(set -l exts \'pcap\' \'pcapng\' \'cap\' \'gz\' \'zst\' \'lz4\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" f filter' -s 'f' -l 'filter' -d 'Packets that match this libpcap filter, as for tcpdump.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" by-vlan' -l 'by-vlan' -d 'Take the same endpoints in another VLAN for another connection; stream numbers are then no longer Wireshark\'s.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" by-tunnel' -l 'by-tunnel' -d 'The same for tunnels, by the numbers of VXLAN, Geneve, GRE, LISP, PPPoE and 802.1ah.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" label' -l 'label' -d 'The capture\'s name in reports and records.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" separate' -l 'separate' -d 'Read each file as a capture of its own, with a report of its own.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" follow' -l 'follow' -d 'Go on as the file grows, like tail -f; Ctrl-C ends it with the summary.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" c count' -s 'c' -l 'count' -d 'With --follow: end after so many packets.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" duration' -l 'duration' -d 'With --follow: end after this time, such as 30s or 10m.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" one-thread' -l 'one-thread' -d 'Use one thread instead of reading ahead: slower, and easy on the processors.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" max-flows' -l 'max-flows' -d 'Connections followed at a time; with more, some are told early.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" stream' -l 'stream' -d 'These flows, by Wireshark\'s stream number: 7 or 1,4-9.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" host' -l 'host' -d 'Flows with this address or endpoint at either end.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" outcome' -l 'outcome' -d 'Flows with one of these outcomes.' -rfka 'refused unreachable unanswered reset simultaneous orderly closing partial open'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" closed-by' -l 'closed-by' -d 'Flows that this side closed first.' -rfka 'client server both unknown none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" time-wait' -l 'time-wait' -d 'Flows that left this side in TIME-WAIT.' -rfka 'client server both none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" finding' -l 'finding' -d 'Flows with one of these findings.' -rfka 'close-wait-leak fin-wait-2-orphan half-close fin-retransmitted last-ack-lost time-wait-restarted time-wait-skipped time-wait-reuse connect-timeout read-timeout idle-timeout keep-alive-race gave-up rst-ignored reset-suspect icmp-unreachable mtu-black-hole superseded midstream one-sided gap duplicate-frames reordered evidence-overflow'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" reset' -l 'reset' -d 'Flows with a RST of one of these causes.' -rfka 'refused time-wait-refusal syn-gave-up keep-alive-race read-timeout time-wait-assassination orphan-gone data-after-close keep-alive-failed retransmission-timeout peer-gone abort unknown'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" format' -l 'format' -d 'How to print.' -rfka 'text json'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" limit' -l 'limit' -d 'Clients and destinations to tell at most, and servers: those with most ports or TIME-WAITs (default: 10; all in JSON).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" fail-on' -l 'fail-on' -d 'Exit with status 1 if a flow or the capture matches one of these (docs/gates.md).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" o output' -s 'o' -l 'output' -d 'Write to this file, in place of what it held.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" utc' -l 'utc' -d 'Times of day in UTC (the default).'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" local' -l 'local' -d 'Times of day in local time.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" color' -l 'color' -d 'When to use colour.' -rfka 'auto always never'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" profile' -l 'profile' -d 'How long TIME-WAIT lasts on the side that holds it. (default: linux)' -rfka 'linux windows macos freebsd rfc9293'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" close-wait' -l 'close-wait' -d 'CLOSE-WAIT of at least this length is reported as a leak. (default: 10s)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" keep-duplicates' -l 'keep-duplicates' -d 'Take frames that show a segment again for segments: a host sent each of them.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" ephemeral-ports' -l 'ephemeral-ports' -d 'Ports that clients take theirs from. (default: 32768-60999)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" version' -l 'version' -d 'Show the version.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose ports" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose interfaces" version' -l 'version' -d 'Show the version.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose interfaces" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose help" version' -l 'version' -d 'Show the version.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_positional "tcpclose" -eq 1' -fa '(set -l exts \'pcap\' \'pcapng\' \'cap\' \'gz\' \'zst\' \'lz4\';for p in (string match -e -- \'*/\' (commandline -t);or printf \n)*.{$exts};printf %s\n $p;end;__fish_complete_directories (commandline -t) \'\')'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" f filter' -s 'f' -l 'filter' -d 'Packets that match this libpcap filter, as for tcpdump.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" by-vlan' -l 'by-vlan' -d 'Take the same endpoints in another VLAN for another connection; stream numbers are then no longer Wireshark\'s.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" by-tunnel' -l 'by-tunnel' -d 'The same for tunnels, by the numbers of VXLAN, Geneve, GRE, LISP, PPPoE and 802.1ah.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" label' -l 'label' -d 'The capture\'s name in reports and records.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" separate' -l 'separate' -d 'Read each file as a capture of its own, with a report of its own.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" follow' -l 'follow' -d 'Go on as the file grows, like tail -f; Ctrl-C ends it with the summary.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" c count' -s 'c' -l 'count' -d 'With --follow: end after so many packets.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" duration' -l 'duration' -d 'With --follow: end after this time, such as 30s or 10m.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" one-thread' -l 'one-thread' -d 'Use one thread instead of reading ahead: slower, and easy on the processors.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" max-flows' -l 'max-flows' -d 'Connections followed at a time; with more, some are told early.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" stream' -l 'stream' -d 'These flows, by Wireshark\'s stream number: 7 or 1,4-9.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" host' -l 'host' -d 'Flows with this address or endpoint at either end.' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" outcome' -l 'outcome' -d 'Flows with one of these outcomes.' -rfka 'refused unreachable unanswered reset simultaneous orderly closing partial open'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" closed-by' -l 'closed-by' -d 'Flows that this side closed first.' -rfka 'client server both unknown none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" time-wait' -l 'time-wait' -d 'Flows that left this side in TIME-WAIT.' -rfka 'client server both none'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" finding' -l 'finding' -d 'Flows with one of these findings.' -rfka 'close-wait-leak fin-wait-2-orphan half-close fin-retransmitted last-ack-lost time-wait-restarted time-wait-skipped time-wait-reuse connect-timeout read-timeout idle-timeout keep-alive-race gave-up rst-ignored reset-suspect icmp-unreachable mtu-black-hole superseded midstream one-sided gap duplicate-frames reordered evidence-overflow'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" reset' -l 'reset' -d 'Flows with a RST of one of these causes.' -rfka 'refused time-wait-refusal syn-gave-up keep-alive-race read-timeout time-wait-assassination orphan-gone data-after-close keep-alive-failed retransmission-timeout peer-gone abort unknown'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" format' -l 'format' -d 'How to print.' -rfka 'text brief jsonl json csv html'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" summary' -l 'summary' -d 'Print the summary alone.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" sort' -l 'sort' -d 'Sort the flows, and tell the first by this: harm, close-wait, time-wait and duration begin with the most, stream and end with the earliest.' -rfka 'harm stream end duration time-wait close-wait'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" limit' -l 'limit' -d 'Flows to tell one by one at most: the first by --sort, else the most harmful (default: 100 timelines, or flows that are sorted; 500 on a page).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" all' -l 'all' -d 'Print every timeline.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" w write' -s 'w' -l 'write' -d 'Also write the packets of these flows to this capture file, which must be new.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" fail-on' -l 'fail-on' -d 'Exit with status 1 if a flow or the capture matches one of these (docs/gates.md).' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" o output' -s 'o' -l 'output' -d 'Write to this file, in place of what it held.' -rF
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" utc' -l 'utc' -d 'Times of day in UTC (the default).'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" local' -l 'local' -d 'Times of day in local time.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" color' -l 'color' -d 'When to use colour.' -rfka 'auto always never'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" profile' -l 'profile' -d 'How long TIME-WAIT lasts on the side that holds it. (default: linux)' -rfka 'linux windows macos freebsd rfc9293'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" close-wait' -l 'close-wait' -d 'CLOSE-WAIT of at least this length is reported as a leak. (default: 10s)' -rfka ''
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" keep-duplicates' -l 'keep-duplicates' -d 'Take frames that show a segment again for segments: a host sent each of them.'
complete -c 'tcpclose' -n '__tcpclose_should_offer_completions_for_flags_or_options "tcpclose" ephemeral-ports' -l 'ephemeral-ports' -d 'Ports that clients take theirs from. (default: 32768-60999)' -rfka ''
