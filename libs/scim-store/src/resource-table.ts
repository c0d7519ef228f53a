import { ENTERPRISE_USER_URN } from '@rollcall/scim';

/** How one resource type is stored, as far as filters and sorts need to know. SQL here sees the row as `r` and the directory as `$1`. */
export interface ResourceTable {
  name: 'directory_users' | 'directory_groups';
  /** Attributes that have a column of their own, by `attribute` or `attribute.subAttribute`. */
  columns: ReadonlyMap<string, Column>;
  /** Attributes that are no part of the stored JSON. */
  computed: ReadonlyMap<string, Computed>;
  /** The sub-attribute of an extension that answers show otherwise than it is stored, and the resource as they show it. */
  shown?: { container: string; attribute: string; subAttribute: string; resource: string };
  /** Multi-valued attributes whose `value` has rows of its own, by attribute: the condition that one of them is `key`. */
  valueRows: ReadonlyMap<string, ValueRows>;
  /** The function that reads resources by id, with what is beside them. */
  reader: 'scim_read_users' | 'scim_read_groups';
  /** The attribute that is beside the resource. */
  referenceAttribute: 'groups' | 'members';
  /** jsonb of the `$ref` of one of its values. */
  referenceUrl(value: string, baseUrl: string): string;
  /** The column of count_directory_resources that has their number. */
  total: 'total_users' | 'total_groups';
}

/** A jsonb expression; `baseUrl` gives that of the URL below which resources are served. */
export type Computed = (baseUrl: () => string) => string;

/** `folded`: the column holds the text folded. */
export type Column =
  | { kind: 'text'; sql: string; folded: boolean; nullable: boolean }
  | { kind: 'time'; sql: string }
  | { kind: 'boolean'; sql: string };

export interface ValueRows {
  folded: boolean;
  condition(key: string): string;
}

const COMMON_COLUMNS: [string, Column][] = [
  ['id', { kind: 'text', sql: 'r.id', folded: false, nullable: false }],
  ['externalId', { kind: 'text', sql: 'r.external_id', folded: false, nullable: true }],
  ['meta.created', { kind: 'time', sql: 'r.created' }],
  ['meta.lastModified', { kind: 'time', sql: 'r.last_modified' }],
];

export const userTable: ResourceTable = {
  name: 'directory_users',
  columns: new Map<string, Column>([
    ...COMMON_COLUMNS,
    ['userName', { kind: 'text', sql: 'r.user_name_key', folded: true, nullable: false }],
    ['displayName', { kind: 'text', sql: 'r.display_name_key', folded: true, nullable: true }],
    ['active', { kind: 'boolean', sql: 'r.active' }],
  ]),
  computed: new Map<string, Computed>([
    ['id', () => 'to_jsonb(r.id)'],
    ['active', () => 'to_jsonb(r.active)'],
    ['meta', (baseUrl) => renderMeta('User', `${baseUrl()} || '/Users/'`)],
    ['groups', () => 'scim_groups_of($1, r.id)'],
  ]),
  // A manager who is a user of the directory is shown with that user's name.
  shown: {
    container: ENTERPRISE_USER_URN,
    attribute: 'manager',
    subAttribute: 'displayName',
    resource: 'scim_show_user($1, r.resource)',
  },
  valueRows: new Map([
    [
      'emails',
      {
        folded: true,
        condition: (key) =>
          `r.id IN (SELECT e.user_id FROM directory_user_emails e WHERE e.directory_id = $1 AND e.value_key = ${key})`,
      },
    ],
    [
      'groups',
      {
        folded: false,
        condition: (key) =>
          `r.id IN (SELECT m.member_id FROM memberships m JOIN directory_groups g
            ON g.directory_id = m.directory_id AND g.id = m.group_id WHERE m.directory_id = $1 AND m.group_id = ${key})`,
      },
    ],
  ]),
  reader: 'scim_read_users',
  referenceAttribute: 'groups',
  referenceUrl: (value, baseUrl) => `to_jsonb(${baseUrl} || '/Groups/' || (${value} ->> 'value'))`,
  total: 'total_users',
};

export const groupTable: ResourceTable = {
  name: 'directory_groups',
  columns: new Map<string, Column>([
    ...COMMON_COLUMNS,
    ['displayName', { kind: 'text', sql: 'r.display_name_key', folded: true, nullable: false }],
  ]),
  computed: new Map<string, Computed>([
    ['id', () => 'to_jsonb(r.id)'],
    ['meta', (baseUrl) => renderMeta('Group', `${baseUrl()} || '/Groups/'`)],
    ['members', () => 'scim_members_of($1, r.id)'],
  ]),
  valueRows: new Map([
    [
      'members',
      {
        folded: false,
        // The membership of a deleted group stays behind for the drain, hence the look at the member itself.
        condition: (key) =>
          `r.id IN (SELECT m.group_id FROM memberships m WHERE m.directory_id = $1 AND m.member_id = ${key} AND (
            EXISTS (SELECT 1 FROM directory_users u WHERE u.directory_id = $1 AND u.id = m.member_id)
            OR EXISTS (SELECT 1 FROM directory_groups g WHERE g.directory_id = $1 AND g.id = m.member_id)))`,
      },
    ],
  ]),
  reader: 'scim_read_groups',
  referenceAttribute: 'members',
  referenceUrl: (value, baseUrl) =>
    `to_jsonb(${baseUrl} || '/' || (${value} ->> 'type') || 's/' || (${value} ->> 'value'))`,
  total: 'total_groups',
};

/** `meta` as the answer shows it. */
function renderMeta(resourceType: string, endpointUrl: string): string {
  const time = (column: string) => `to_char(r.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return `jsonb_build_object('resourceType', '${resourceType}', 'created', ${time('created')},
    'lastModified', ${time('last_modified')}, 'location', ${endpointUrl} || r.id, 'version', 'W/"' || r.version || '"')`;
}
