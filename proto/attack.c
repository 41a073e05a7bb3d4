/*
 * attack - names of MITRE ATT&CK tactics and techniques (Enterprise matrix).
 */
#include "proto/attack.h"

struct attack_entry {
    const char *id;
    const char *name;
};

static const struct attack_entry entries[] = {
    {"TA0001", "Initial Access"},
    {"TA0002", "Execution"},
    {"TA0003", "Persistence"},
    {"TA0004", "Privilege Escalation"},
    {"TA0005", "Defense Evasion"},
    {"TA0006", "Credential Access"},
    {"TA0007", "Discovery"},
    {"TA0008", "Lateral Movement"},
    {"TA0009", "Collection"},
    {"TA0010", "Exfiltration"},
    {"TA0011", "Command and Control"},
    {"TA0040", "Impact"},
    {"TA0042", "Resource Development"},
    {"TA0043", "Reconnaissance"},
    {"T1003", "OS Credential Dumping"},
    {"T1003.003", "NTDS"},
    {"T1003.006", "DCSync"},
    {"T1018", "Remote System Discovery"},
    {"T1021.002", "SMB/Windows Admin Shares"},
    {"T1021.003", "Distributed Component Object Model"},
    {"T1021.006", "Windows Remote Management"},
    {"T1033", "System Owner/User Discovery"},
    {"T1046", "Network Service Discovery"},
    {"T1047", "Windows Management Instrumentation"},
    {"T1048", "Exfiltration Over Alternative Protocol"},
    {"T1048.003", "Exfiltration Over Unencrypted Non-C2 Protocol"},
    {"T1049", "System Network Connections Discovery"},
    {"T1053.002", "At"},
    {"T1053.005", "Scheduled Task"},
    {"T1059", "Command and Scripting Interpreter"},
    {"T1068", "Exploitation for Privilege Escalation"},
    {"T1069.001", "Local Groups"},
    {"T1069.002", "Domain Groups"},
    {"T1070.001", "Clear Windows Event Logs"},
    {"T1071.004", "DNS"},
    {"T1078", "Valid Accounts"},
    {"T1078.002", "Domain Accounts"},
    {"T1087.002", "Domain Account"},
    {"T1098", "Account Manipulation"},
    {"T1110", "Brute Force"},
    {"T1110.001", "Password Guessing"},
    {"T1110.003", "Password Spraying"},
    {"T1133", "External Remote Services"},
    {"T1134.001", "Token Impersonation/Theft"},
    {"T1134.005", "SID-History Injection"},
    {"T1135", "Network Share Discovery"},
    {"T1136.002", "Domain Account"},
    {"T1187", "Forced Authentication"},
    {"T1207", "Rogue Domain Controller"},
    {"T1210", "Exploitation of Remote Services"},
    {"T1222.001", "Windows File and Directory Permissions Modification"},
    {"T1484", "Domain or Tenant Policy Modification"},
    {"T1484.001", "Group Policy Modification"},
    {"T1531", "Account Access Removal"},
    {"T1543.003", "Windows Service"},
    {"T1546.003", "Windows Management Instrumentation Event Subscription"},
    {"T1550.002", "Pass the Hash"},
    {"T1550.003", "Pass the Ticket"},
    {"T1552", "Unsecured Credentials"},
    {"T1552.006", "Group Policy Preferences"},
    {"T1555", "Credentials from Password Stores"},
    {"T1556", "Modify Authentication Process"},
    {"T1556.001", "Domain Controller Authentication"},
    {"T1557.001", "LLMNR/NBT-NS Poisoning and SMB Relay"},
    {"T1558", "Steal or Forge Kerberos Tickets"},
    {"T1558.001", "Golden Ticket"},
    {"T1558.002", "Silver Ticket"},
    {"T1558.003", "Kerberoasting"},
    {"T1558.004", "AS-REP Roasting"},
    {"T1562.002", "Disable Windows Event Logging"},
    {"T1569.002", "Service Execution"},
    {"T1590.002", "DNS"},
    {"T1649", "Steal or Forge Authentication Certificates"},
};

const char *attack_name(struct str id)
{
    for (size_t i = 0; i < ARRAY_COUNT(entries); i++)
        if (str_equal(str_of(entries[i].id), id))
            return entries[i].name;
    return "";
}

static bool digits_from(struct str id, uint32_t start, uint32_t count)
{
    for (uint32_t i = start; i < start + count; i++)
        if (i >= id.size || id.at[i] < '0' || id.at[i] > '9')
            return false;
    return true;
}

bool attack_is_tactic(struct str id)
{
    return id.size == 6 && id.at[0] == 'T' && id.at[1] == 'A' && digits_from(id, 2, 4);
}

bool attack_is_technique(struct str id)
{
    if (id.size < 5 || id.at[0] != 'T' || !digits_from(id, 1, 4))
        return false;
    return id.size == 5 || (id.size == 9 && id.at[5] == '.' && digits_from(id, 6, 3));
}
