/*
 * catalogue - the descriptors, one per file.
 */
#ifndef ORTHRUS_ALERTING_CATALOGUE_H
#define ORTHRUS_ALERTING_CATALOGUE_H

#include "services/alerting/alerting.h"

extern const struct detection detection_account_enumeration;
extern const struct detection detection_account_enumeration_cldap;
extern const struct detection detection_as_rep_roasting;
extern const struct detection detection_authentication_coercion;
extern const struct detection detection_brute_force;
extern const struct detection detection_clear_text_password;
extern const struct detection detection_credential_store_copied;
extern const struct detection detection_dcshadow;
extern const struct detection detection_dcsync;
extern const struct detection detection_delegation_abuse;
extern const struct detection detection_dns_reconnaissance;
extern const struct detection detection_dns_server_exploit;
extern const struct detection detection_domain_controller_added;
extern const struct detection detection_dpapi_backup_key_request;
extern const struct detection detection_forged_pac;
extern const struct detection detection_golden_ticket;
extern const struct detection detection_group_policy_tampering;
extern const struct detection detection_kerberoasting;
extern const struct detection detection_ldap_attribute_reconnaissance;
extern const struct detection detection_ldap_brute_force;
extern const struct detection detection_ldap_reconnaissance;
extern const struct detection detection_local_admin_hunting;
extern const struct detection detection_lsa_sid_enumeration;
extern const struct detection detection_pass_the_ticket;
extern const struct detection detection_password_in_policy_file;
extern const struct detection detection_password_spray;
extern const struct detection detection_print_spooler_exploit;
extern const struct detection detection_remote_execution;
extern const struct detection detection_remote_log_tampering;
extern const struct detection detection_remote_password_reset;
extern const struct detection detection_remote_session_query;
extern const struct detection detection_remote_wmi_subscription;
extern const struct detection detection_rpc_endpoint_enumeration;
extern const struct detection detection_sam_name_spoofing;
extern const struct detection detection_samr_enumeration;
extern const struct detection detection_session_enumeration;
extern const struct detection detection_shadow_credentials;
extern const struct detection detection_share_enumeration;
extern const struct detection detection_silver_ticket;
extern const struct detection detection_skeleton_key;
extern const struct detection detection_smb_compression_exploit;
extern const struct detection detection_smb_v1_exploit;
extern const struct detection detection_suspicious_service;
extern const struct detection detection_zerologon;

#endif
