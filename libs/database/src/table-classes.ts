/**
 * Whose each table's rows are, and by which column: what stands for a tenant must stand in every key, so that the rows of one can be
 * found, moved and erased, and two never meet in a unique index. A new table has to be named here.
 */
export const TABLE_CLASSES = {
  /** Rows of one directory. */
  directory: {
    column: 'directory_id',
    tables: [
      'changes',
      'deliveries',
      'delivery_attempts',
      'deprovisioning_jobs',
      'deprovisionings',
      'directory_counters',
      'directory_groups',
      'directory_placements',
      'directory_refusals',
      'directory_secrets',
      'directory_user_emails',
      'directory_users',
      'events',
      'held_memberships',
      'held_users',
      'learned_attributes',
      'memberships',
      'past_placements',
      'published_groups',
      'published_memberships',
      'published_users',
      'rules_jobs',
      'scim_request_keys',
      'scim_request_packs',
      'search_terms',
      'unresolved_members',
    ],
  },
  /** Rows of one organization, under its environment's key. */
  organization: {
    column: 'environment_id',
    tables: [
      'contact_alerts',
      'contacts',
      'directories',
      'directory_aliases',
      'erasures',
      'hand_overs',
      'moving_rows',
      'organizations',
      'placements',
      'portal_links',
      'portal_sessions',
      'unsubscribed_addresses',
    ],
  },
  /** Rows of an environment. Some of them name an organization that they concern. */
  environment: {
    column: 'environment_id',
    tables: [
      'api_client_secrets',
      'api_clients',
      'audit_log',
      'environments',
      'idempotency_keys',
      'imported_ids',
      'mails',
      'member_identities',
      'member_invitations',
      'member_roles',
      'portal_logos',
      'portal_settings',
      'replays',
      'roles',
      'single_sign_on',
      'traffic',
      'webhook_endpoint_health',
      'webhook_endpoints',
      'webhook_secrets',
    ],
  },
  /** Rows of a person, who may be a member of several environments. */
  member: {
    column: 'member_id',
    tables: [
      'member_credentials',
      'member_passkeys',
      'member_recovery_codes',
      'member_sessions',
      'members',
      'pending_sign_ins',
    ],
  },
  /** Rows of the installation. */
  global: {
    column: null,
    tables: ['copied_rows', 'database_version', 'installation', 'migrations', 'rate_limits', 'sql_functions'],
  },
} as const;
