/*
 * dns_types - tables of types and response codes.
 */
#include "services/protocol-decode/dns_types.h"

/* By rising number. */
static const struct dns_type_info types[] = {
    {1, "A", "a"},
    {2, "NS", "n"},
    {3, "MD", "n"},
    {4, "MF", "n"},
    {5, "CNAME", "n"},
    {6, "SOA", "nn44444"},
    {7, "MB", "n"},
    {8, "MG", "n"},
    {9, "MR", "n"},
    {10, "NULL", "h"},
    {11, "WKS", "a1h"},
    {12, "PTR", "n"},
    {13, "HINFO", "ss"},
    {14, "MINFO", "nn"},
    {15, "MX", "2n"},
    {16, "TXT", "S"},
    {17, "RP", "nn"},
    {18, "AFSDB", "2n"},
    {19, "X25", "s"},
    {20, "ISDN", "S"},
    {21, "RT", "2n"},
    {22, "NSAP", "h"},
    {23, "NSAP-PTR", "n"},
    {24, "SIG",
     "t11444"
     "2nz"},
    {25, "KEY", "211z"},
    {26, "PX", "2nn"},
    {27, "GPOS", "sss"},
    {28, "AAAA", "6"},
    {29, "LOC", "h"},
    {30, "NXT", "nh"},
    {31, "EID", "h"},
    {32, "NIMLOC", "h"},
    {33, "SRV", "222n"},
    {34, "ATMA", "h"},
    {35, "NAPTR", "22sssn"},
    {36, "KX", "2n"},
    {37, "CERT", "221z"},
    {38, "A6", "h"},
    {39, "DNAME", "n"},
    {40, "SINK", "h"},
    {41, "OPT", "h"},
    {42, "APL", "h"},
    {43, "DS", "211h"},
    {44, "SSHFP", "11h"},
    {45, "IPSECKEY", "h"},
    {46, "RRSIG",
     "t11444"
     "2nz"},
    {47, "NSEC", "nm"},
    {48, "DNSKEY", "211z"},
    {49, "DHCID", "h"},
    {50, "NSEC3", "h"},
    {51, "NSEC3PARAM", "h"},
    {52, "TLSA", "111h"},
    {53, "SMIMEA", "111h"},
    {55, "HIP", "h"},
    {56, "NINFO", "S"},
    {57, "RKEY", "h"},
    {58, "TALINK", "nn"},
    {59, "CDS", "211h"},
    {60, "CDNSKEY", "211z"},
    {61, "OPENPGPKEY", "z"},
    {62, "CSYNC", "42m"},
    {63, "ZONEMD", "411h"},
    {64, "SVCB", "2nh"},
    {65, "HTTPS", "2nh"},
    {99, "SPF", "S"},
    {100, "UINFO", "h"},
    {101, "UID", "h"},
    {102, "GID", "h"},
    {103, "UNSPEC", "h"},
    {104, "NID", "2h"},
    {105, "L32", "2a"},
    {106, "L64", "2h"},
    {107, "LP", "2n"},
    {108, "EUI48", "h"},
    {109, "EUI64", "h"},
    {249, "TKEY", "h"},
    {250, "TSIG", "h"},
    {251, "IXFR", "h"},
    {252, "AXFR", "h"},
    {253, "MAILB", "h"},
    {254, "MAILA", "h"},
    {255, "ANY", "h"},
    {256, "URI", "22r"},
    {257, "CAA", "1sr"},
    {258, "AVC", "S"},
    {259, "DOA", "h"},
    {260, "AMTRELAY", "h"},
    {32768, "TA", "211h"},
    {32769, "DLV", "211h"},
    {0xff01, "WINS", "4444A"},
    {0xff02, "WINS-R", "444n"},
};

struct number_name {
    uint16_t number;
    const char *name;
};

static const struct number_name rcodes[] = {
    {0, "NOERROR"},  {1, "FORMERR"},    {2, "SERVFAIL"}, {3, "NXDOMAIN"},  {4, "NOTIMP"},
    {5, "REFUSED"},  {6, "YXDOMAIN"},   {7, "YXRRSET"},  {8, "NXRRSET"},   {9, "NOTAUTH"},
    {10, "NOTZONE"}, {11, "DSOTYPENI"}, {16, "BADVERS"}, {17, "BADKEY"},   {18, "BADTIME"},
    {19, "BADMODE"}, {20, "BADNAME"},   {21, "BADALG"},  {22, "BADTRUNC"}, {23, "BADCOOKIE"},
};

/* RFC 1002 4.2.6, 4.2.11, 4.2.14. */
static const struct number_name netbios_rcodes[] = {
    {0, "NOERROR"}, {1, "FMT_ERR"}, {2, "SRV_ERR"}, {3, "NAM_ERR"},
    {4, "IMP_ERR"}, {5, "RFS_ERR"}, {6, "ACT_ERR"}, {7, "CFT_ERR"},
};

const struct dns_type_info *dns_type_info(uint16_t type)
{
    size_t low = 0, high = ARRAY_COUNT(types);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (types[middle].type == type)
            return &types[middle];
        if (types[middle].type < type)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void dns_type_line(struct dns_line *line, uint16_t type)
{
    const struct dns_type_info *info = dns_type_info(type);
    if (info) {
        line_text(line, str_of(info->name));
        return;
    }
    line_text(line, STR("TYPE"));
    line_number(line, type);
}

void netbios_type_line(struct dns_line *line, uint16_t type)
{
    if (type == DNS_NB)
        line_text(line, STR("NB"));
    else if (type == DNS_NBSTAT)
        line_text(line, STR("NBSTAT"));
    else
        dns_type_line(line, type);
}

struct str dns_type_text(struct arena *arena, bool netbios, uint16_t type)
{
    if (netbios && (type == DNS_NB || type == DNS_NBSTAT))
        return type == DNS_NB ? STR("NB") : STR("NBSTAT");
    const struct dns_type_info *info = dns_type_info(type);
    return info ? str_of(info->name) : arena_print(arena, "TYPE%u", type);
}

static struct str name_of(struct arena *arena, const struct number_name *names, size_t count, uint16_t number)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].number == number)
            return str_of(names[i].name);
    return arena_print(arena, "RCODE%u", number);
}

struct str dns_rcode_text(struct arena *arena, bool netbios, uint16_t rcode)
{
    return netbios ? name_of(arena, netbios_rcodes, ARRAY_COUNT(netbios_rcodes), rcode)
                   : name_of(arena, rcodes, ARRAY_COUNT(rcodes), rcode);
}
