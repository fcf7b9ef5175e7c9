#!/bin/bash

__tcpclose_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__tcpclose_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__tcpclose_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__tcpclose_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_tcpclose() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __tcpclose_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    read|live|explain|ports|interfaces|help)
        # Offer subcommand argument completions
        "_tcpclose_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'read live explain ports interfaces help' -- "${cur}"))
        ;;
    esac
}

_tcpclose_read() {
    repeating_flags=()
    non_repeating_flags=(--by-vlan --by-tunnel --separate --follow --one-thread --summary --all --utc --local --keep-duplicates --version -h --help)
    repeating_options=()
    non_repeating_options=(-f --filter --label -c --count --duration --max-flows --stream --host --outcome --closed-by --time-wait --finding --reset --format --sort --limit -w --write --fail-on -o --output --color --profile --close-wait --ephemeral-ports)
    __tcpclose_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-f'|'--filter')
        return
        ;;
    '--label')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--duration')
        return
        ;;
    '--max-flows')
        return
        ;;
    '--stream')
        return
        ;;
    '--host')
        return
        ;;
    '--outcome')
        __tcpclose_add_completions -W 'refused'$'\n''unreachable'$'\n''unanswered'$'\n''reset'$'\n''simultaneous'$'\n''orderly'$'\n''closing'$'\n''partial'$'\n''open'
        return
        ;;
    '--closed-by')
        __tcpclose_add_completions -W 'client'$'\n''server'$'\n''both'$'\n''unknown'$'\n''none'
        return
        ;;
    '--time-wait')
        __tcpclose_add_completions -W 'client'$'\n''server'$'\n''both'$'\n''none'
        return
        ;;
    '--finding')
        __tcpclose_add_completions -W 'close-wait-leak'$'\n''fin-wait-2-orphan'$'\n''half-close'$'\n''fin-retransmitted'$'\n''last-ack-lost'$'\n''time-wait-restarted'$'\n''time-wait-skipped'$'\n''time-wait-reuse'$'\n''connect-timeout'$'\n''read-timeout'$'\n''idle-timeout'$'\n''keep-alive-race'$'\n''gave-up'$'\n''rst-ignored'$'\n''reset-suspect'$'\n''icmp-unreachable'$'\n''mtu-black-hole'$'\n''superseded'$'\n''midstream'$'\n''one-sided'$'\n''gap'$'\n''duplicate-frames'$'\n''reordered'$'\n''evidence-overflow'
        return
        ;;
    '--reset')
        __tcpclose_add_completions -W 'refused'$'\n''time-wait-refusal'$'\n''syn-gave-up'$'\n''keep-alive-race'$'\n''read-timeout'$'\n''time-wait-assassination'$'\n''orphan-gone'$'\n''data-after-close'$'\n''keep-alive-failed'$'\n''retransmission-timeout'$'\n''peer-gone'$'\n''abort'$'\n''unknown'
        return
        ;;
    '--format')
        __tcpclose_add_completions -W 'text'$'\n''brief'$'\n''jsonl'$'\n''json'$'\n''csv'$'\n''html'
        return
        ;;
    '--sort')
        __tcpclose_add_completions -W 'harm'$'\n''stream'$'\n''end'$'\n''duration'$'\n''time-wait'$'\n''close-wait'
        return
        ;;
    '--limit')
        return
        ;;
    '-w'|'--write')
        __tcpclose_add_completions -f
        return
        ;;
    '--fail-on')
        return
        ;;
    '-o'|'--output')
        __tcpclose_add_completions -f
        return
        ;;
    '--color')
        __tcpclose_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--profile')
        __tcpclose_add_completions -W 'linux'$'\n''windows'$'\n''macos'$'\n''freebsd'$'\n''rfc9293'
        return
        ;;
    '--close-wait')
        return
        ;;
    '--ephemeral-ports')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __tcpclose_add_completions -o plusdirs -fX '!*.@(pcap|pcapng|cap|gz|zst|lz4)'
        return
        ;;
    esac
}

_tcpclose_live() {
    repeating_flags=()
    non_repeating_flags=(--by-vlan --by-tunnel -p --no-promiscuous-mode --summary --all --utc --local --keep-duplicates --version -h --help)
    repeating_options=()
    non_repeating_options=(-i --interface -f --filter --label -s --snapshot-length -B --buffer-size -c --count --duration --user --stream --host --outcome --closed-by --time-wait --finding --reset --format --sort --limit -w --write --fail-on -o --output --color --max-flows --profile --close-wait --ephemeral-ports)
    __tcpclose_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-i'|'--interface')
        __tcpclose_add_completions -W "$(__tcpclose_custom_complete ---completion live -- --interface "${COMP_CWORD}" "$(__tcpclose_cursor_index_in_current_word)")"
        return
        ;;
    '-f'|'--filter')
        return
        ;;
    '--label')
        return
        ;;
    '-s'|'--snapshot-length')
        return
        ;;
    '-B'|'--buffer-size')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--duration')
        return
        ;;
    '--user')
        return
        ;;
    '--stream')
        return
        ;;
    '--host')
        return
        ;;
    '--outcome')
        __tcpclose_add_completions -W 'refused'$'\n''unreachable'$'\n''unanswered'$'\n''reset'$'\n''simultaneous'$'\n''orderly'$'\n''closing'$'\n''partial'$'\n''open'
        return
        ;;
    '--closed-by')
        __tcpclose_add_completions -W 'client'$'\n''server'$'\n''both'$'\n''unknown'$'\n''none'
        return
        ;;
    '--time-wait')
        __tcpclose_add_completions -W 'client'$'\n''server'$'\n''both'$'\n''none'
        return
        ;;
    '--finding')
        __tcpclose_add_completions -W 'close-wait-leak'$'\n''fin-wait-2-orphan'$'\n''half-close'$'\n''fin-retransmitted'$'\n''last-ack-lost'$'\n''time-wait-restarted'$'\n''time-wait-skipped'$'\n''time-wait-reuse'$'\n''connect-timeout'$'\n''read-timeout'$'\n''idle-timeout'$'\n''keep-alive-race'$'\n''gave-up'$'\n''rst-ignored'$'\n''reset-suspect'$'\n''icmp-unreachable'$'\n''mtu-black-hole'$'\n''superseded'$'\n''midstream'$'\n''one-sided'$'\n''gap'$'\n''duplicate-frames'$'\n''reordered'$'\n''evidence-overflow'
        return
        ;;
    '--reset')
        __tcpclose_add_completions -W 'refused'$'\n''time-wait-refusal'$'\n''syn-gave-up'$'\n''keep-alive-race'$'\n''read-timeout'$'\n''time-wait-assassination'$'\n''orphan-gone'$'\n''data-after-close'$'\n''keep-alive-failed'$'\n''retransmission-timeout'$'\n''peer-gone'$'\n''abort'$'\n''unknown'
        return
        ;;
    '--format')
        __tcpclose_add_completions -W 'text'$'\n''brief'$'\n''jsonl'$'\n''json'$'\n''csv'$'\n''html'
        return
        ;;
    '--sort')
        __tcpclose_add_completions -W 'harm'$'\n''stream'$'\n''end'$'\n''duration'$'\n''time-wait'$'\n''close-wait'
        return
        ;;
    '--limit')
        return
        ;;
    '-w'|'--write')
        __tcpclose_add_completions -f
        return
        ;;
    '--fail-on')
        return
        ;;
    '-o'|'--output')
        __tcpclose_add_completions -f
        return
        ;;
    '--color')
        __tcpclose_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--max-flows')
        return
        ;;
    '--profile')
        __tcpclose_add_completions -W 'linux'$'\n''windows'$'\n''macos'$'\n''freebsd'$'\n''rfc9293'
        return
        ;;
    '--close-wait')
        return
        ;;
    '--ephemeral-ports')
        return
        ;;
    esac
}

_tcpclose_explain() {
    repeating_flags=()
    non_repeating_flags=(--by-vlan --by-tunnel --utc --local --keep-duplicates --version -h --help)
    repeating_options=()
    non_repeating_options=(-f --filter --label --stream -o --output --color --max-flows --profile --close-wait)
    __tcpclose_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-f'|'--filter')
        return
        ;;
    '--label')
        return
        ;;
    '--stream')
        return
        ;;
    '-o'|'--output')
        __tcpclose_add_completions -f
        return
        ;;
    '--color')
        __tcpclose_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--max-flows')
        return
        ;;
    '--profile')
        __tcpclose_add_completions -W 'linux'$'\n''windows'$'\n''macos'$'\n''freebsd'$'\n''rfc9293'
        return
        ;;
    '--close-wait')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __tcpclose_add_completions -o plusdirs -fX '!*.@(pcap|pcapng|cap|gz|zst|lz4)'
        return
        ;;
    esac
}

_tcpclose_ports() {
    repeating_flags=()
    non_repeating_flags=(--by-vlan --by-tunnel --separate --follow --one-thread --utc --local --keep-duplicates --version -h --help)
    repeating_options=()
    non_repeating_options=(-f --filter --label -c --count --duration --max-flows --stream --host --outcome --closed-by --time-wait --finding --reset --format --limit --fail-on -o --output --color --profile --close-wait --ephemeral-ports)
    __tcpclose_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-f'|'--filter')
        return
        ;;
    '--label')
        return
        ;;
    '-c'|'--count')
        return
        ;;
    '--duration')
        return
        ;;
    '--max-flows')
        return
        ;;
    '--stream')
        return
        ;;
    '--host')
        return
        ;;
    '--outcome')
        __tcpclose_add_completions -W 'refused'$'\n''unreachable'$'\n''unanswered'$'\n''reset'$'\n''simultaneous'$'\n''orderly'$'\n''closing'$'\n''partial'$'\n''open'
        return
        ;;
    '--closed-by')
        __tcpclose_add_completions -W 'client'$'\n''server'$'\n''both'$'\n''unknown'$'\n''none'
        return
        ;;
    '--time-wait')
        __tcpclose_add_completions -W 'client'$'\n''server'$'\n''both'$'\n''none'
        return
        ;;
    '--finding')
        __tcpclose_add_completions -W 'close-wait-leak'$'\n''fin-wait-2-orphan'$'\n''half-close'$'\n''fin-retransmitted'$'\n''last-ack-lost'$'\n''time-wait-restarted'$'\n''time-wait-skipped'$'\n''time-wait-reuse'$'\n''connect-timeout'$'\n''read-timeout'$'\n''idle-timeout'$'\n''keep-alive-race'$'\n''gave-up'$'\n''rst-ignored'$'\n''reset-suspect'$'\n''icmp-unreachable'$'\n''mtu-black-hole'$'\n''superseded'$'\n''midstream'$'\n''one-sided'$'\n''gap'$'\n''duplicate-frames'$'\n''reordered'$'\n''evidence-overflow'
        return
        ;;
    '--reset')
        __tcpclose_add_completions -W 'refused'$'\n''time-wait-refusal'$'\n''syn-gave-up'$'\n''keep-alive-race'$'\n''read-timeout'$'\n''time-wait-assassination'$'\n''orphan-gone'$'\n''data-after-close'$'\n''keep-alive-failed'$'\n''retransmission-timeout'$'\n''peer-gone'$'\n''abort'$'\n''unknown'
        return
        ;;
    '--format')
        __tcpclose_add_completions -W 'text'$'\n''json'
        return
        ;;
    '--limit')
        return
        ;;
    '--fail-on')
        return
        ;;
    '-o'|'--output')
        __tcpclose_add_completions -f
        return
        ;;
    '--color')
        __tcpclose_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--profile')
        __tcpclose_add_completions -W 'linux'$'\n''windows'$'\n''macos'$'\n''freebsd'$'\n''rfc9293'
        return
        ;;
    '--close-wait')
        return
        ;;
    '--ephemeral-ports')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __tcpclose_add_completions -o plusdirs -fX '!*.@(pcap|pcapng|cap|gz|zst|lz4)'
        return
        ;;
    esac
}

_tcpclose_interfaces() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __tcpclose_offer_flags_options 0
}

_tcpclose_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __tcpclose_offer_flags_options -1
}

# Where no subcommand is named, words are those of 'read'.
_tcpclose_or_read() {
    case "${COMP_WORDS[1]}" in
    read|live|explain|ports|interfaces|help)
        _tcpclose "${@}"
        return
        ;;
    esac

    local -a subcommands=()
    if ((COMP_CWORD == 1)); then
        _tcpclose "${@}"
        subcommands=("${COMPREPLY[@]}")
        COMPREPLY=()
    fi
    COMP_WORDS=("${COMP_WORDS[0]}" read "${COMP_WORDS[@]:1}")
    ((COMP_CWORD += 1))
    COMP_LINE="${COMP_LINE/"${COMP_WORDS[0]}"/"${COMP_WORDS[0]} read"}"
    ((COMP_POINT += 5))
    _tcpclose "${@}"
    COMPREPLY+=("${subcommands[@]}")
}

complete -o filenames -F _tcpclose_or_read tcpclose
