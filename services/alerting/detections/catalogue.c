/*
 * catalogue - every detection there is, by name.
 */
#include "services/alerting/detections/catalogue.h"

#include "common/base/text.h"

const struct detection *const *detections(void)
{
    static const struct detection *const all[] = {
        &detection_account_enumeration,
        &detection_account_enumeration_cldap,
        &detection_as_rep_roasting,
        &detection_authentication_coercion,
        &detection_brute_force,
        &detection_clear_text_password,
        &detection_credential_store_copied,
        &detection_dcshadow,
        &detection_dcsync,
        &detection_delegation_abuse,
        &detection_dns_reconnaissance,
        &detection_dns_server_exploit,
        &detection_domain_controller_added,
        &detection_dpapi_backup_key_request,
        &detection_forged_pac,
        &detection_golden_ticket,
        &detection_group_policy_tampering,
        &detection_kerberoasting,
        &detection_ldap_attribute_reconnaissance,
        &detection_ldap_brute_force,
        &detection_ldap_reconnaissance,
        &detection_local_admin_hunting,
        &detection_lsa_sid_enumeration,
        &detection_pass_the_ticket,
        &detection_password_in_policy_file,
        &detection_password_spray,
        &detection_print_spooler_exploit,
        &detection_remote_execution,
        &detection_remote_log_tampering,
        &detection_remote_password_reset,
        &detection_remote_session_query,
        &detection_remote_wmi_subscription,
        &detection_rpc_endpoint_enumeration,
        &detection_sam_name_spoofing,
        &detection_samr_enumeration,
        &detection_session_enumeration,
        &detection_shadow_credentials,
        &detection_share_enumeration,
        &detection_silver_ticket,
        &detection_skeleton_key,
        &detection_smb_compression_exploit,
        &detection_smb_v1_exploit,
        &detection_suspicious_service,
        &detection_zerologon,
        NULL,
    };
    _Static_assert(ARRAY_COUNT(all) <= DETECTIONS_MAX, "the options have room for all");
    return all;
}

const struct detection *detection_find(struct str name)
{
    for (uint32_t i = 0; detections()[i]; i++)
        if (str_equal(str_of(detections()[i]->name), name))
            return detections()[i];
    return NULL;
}
