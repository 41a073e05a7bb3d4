# orthrus - completion for bash.
_orthrus() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "analyze coverage decode detections settings version --help" -- "$word")
        return
    fi
    case "$before" in
    --format)
        if [ "$command" = decode ]; then
            mapfile -t COMPREPLY < <(compgen -W "jsonl zeek" -- "$word") && return
        elif [ "$command" = coverage ]; then
            mapfile -t COMPREPLY < <(compgen -W "text jsonl" -- "$word") && return
        fi
        mapfile -t COMPREPLY < <(compgen -W "text jsonl ocsf cef" -- "$word") && return
        ;;
    --fail-on) mapfile -t COMPREPLY < <(compgen -W "informational low medium high critical" -- "$word") && return ;;
    --output) mapfile -t COMPREPLY < <(compgen -d -- "$word") && return ;;
    --explain)
        mapfile -t COMPREPLY < <(compgen -W "$(orthrus detections 2>/dev/null | cut -d' ' -f1)" -- "$word")
        return
        ;;
    --only)
        mapfile -t COMPREPLY < <(compgen -W "kerberos kpasswd ntlm smb rpc ldap dns dhcp radius http tls rdp flow malformed binding activity" -- "$word")
        return
        ;;
    esac
    case "$command:$word" in
    analyze:-*)
        mapfile -t COMPREPLY < <(compgen -W "--format --report --config --entities --home-net --keytab --fail-on --check-config --quiet --help" -- "$word")
        ;;
    coverage:-*) mapfile -t COMPREPLY < <(compgen -W "--format --config --keytab --quiet --help" -- "$word") ;;
    decode:-*) mapfile -t COMPREPLY < <(compgen -W "--only --format --output --config --keytab --quiet --help" -- "$word") ;;
    detections:*) mapfile -t COMPREPLY < <(compgen -W "--explain --markdown --help" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    esac
}
complete -o filenames -F _orthrus orthrus
