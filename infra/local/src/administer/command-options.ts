import { MAX_OVERLAP_SECONDS } from '@rollcall/contract';

/** What commands take, and what help says of it. */
export const OPTIONS = {
  name: { type: 'string', text: '--name <name>           its name' },
  scope: {
    type: 'string',
    multiple: true,
    text: '--scope read|write      what it may do; write includes read (default: both)',
  },
  organization: { type: 'string', text: '--organization <org_…>  the organization' },
  environment: { type: 'string', text: '--environment <env_…>   whose it is; needed when there are several' },
  email: { type: 'string', text: '--email <address>       who may accept it (default: whoever has the link)' },
  role: { type: 'string', text: '--role owner|admin|viewer  what the member may do (default: owner)' },
  overlap: {
    type: 'string',
    text: `--overlap <seconds>     how long those of before go on, up to ${MAX_OVERLAP_SECONDS} (default: 0)`,
  },
  directory: { type: 'string', text: '--directory <dir_…>     the directory, also a deleted one' },
  user: { type: 'string', text: '--user <user>           id, e-mail address, userName or externalId of a user of it' },
  'requests-per-second': { type: 'string', text: '--requests-per-second <n>      SCIM requests of a directory' },
  'rows-per-minute': {
    type: 'string',
    text: '--rows-per-minute <n>          users, groups and named members that a directory writes',
  },
  'search-seconds-per-minute': {
    type: 'string',
    text: '--search-seconds-per-minute <n>  what searches of a directory that no index answers may take',
  },
  'api-requests-per-second': { type: 'string', text: '--api-requests-per-second <n>  requests to API and portal' },
  'burst-seconds': {
    type: 'string',
    text: "--burst-seconds <n>            how many seconds' worth of these may come at once",
  },
  from: {
    type: 'string',
    text: '--from <url>            where the source is (default: SCALEKIT_ENVIRONMENT_URL, or https://api.workos.com)',
  },
  tokens: {
    type: 'string',
    text: '--tokens <file>         on each line the id of a directory at the source, its bearer token, its SCIM address',
  },
  cell: {
    type: 'string',
    text: '--cell <cell>           in which of the databases in CELLS (default: the control cell)',
  },
  to: { type: 'string', text: '--to <cell>             the name of the database that it goes to' },
  abort: {
    type: 'boolean',
    text: '--abort                 give up a move that was cut off: the organization stays where it was',
  },
  url: { type: 'string', text: '--url <url>             the server (default: PUBLIC_URL); ROLLCALL_API_KEY opens it' },
  'forward-to': { type: 'string', text: '--forward-to <url>      where events are sent' },
  type: { type: 'string', multiple: true, text: '--type <type>           only events of this type; may be repeated' },
  secret: {
    type: 'string',
    text: '--secret <whsec_…>      what they are signed with (default: one that stays the same for the credential)',
  },
  resend: { type: 'string', text: '--resend <evt_…>        send this event once, and end' },
  reset: { type: 'boolean', text: '--reset                        none of its own: those of the processes' },
  'dry-run': { type: 'boolean', text: '--dry-run               show what would be done, and do nothing' },
  output: { type: 'string', text: '--output <folder>       where to; made when it is missing, else it must be empty' },
  endpoint: { type: 'string', text: '--endpoint <whe_…>      the webhook endpoint' },
  'from-time': {
    type: 'string',
    text: '--from-time <time>      events of this time or later, such as 2026-11-30T08:00:00Z',
  },
  'to-time': { type: 'string', text: '--to-time <time>        events of this time or earlier' },
  'from-sequence': { type: 'string', text: '--from-sequence <n>     the first event of the directory' },
  'to-sequence': { type: 'string', text: '--to-sequence <n>       the last event of the directory' },
  'no-wait': { type: 'boolean', text: '--no-wait               begin, and leave the rest to the workers' },
  'keep-epochs': {
    type: 'boolean',
    text: '--keep-epochs           nothing was lost, as by pg_upgrade: only note which server the database is on now',
  },
  json: { type: 'boolean', text: '--json                  print JSON, for programs' },
} as const;

export type OptionName = keyof typeof OPTIONS;

/** Options that were given, and the argument. */
export interface OptionValues {
  readonly name?: string;
  readonly scope?: string[];
  readonly organization?: string;
  readonly environment?: string;
  readonly email?: string;
  readonly role?: string;
  readonly overlap?: string;
  readonly directory?: string;
  readonly user?: string;
  readonly 'requests-per-second'?: string;
  readonly 'rows-per-minute'?: string;
  readonly 'search-seconds-per-minute'?: string;
  readonly 'api-requests-per-second'?: string;
  readonly 'burst-seconds'?: string;
  readonly reset?: boolean;
  readonly url?: string;
  readonly 'forward-to'?: string;
  readonly type?: string[];
  readonly secret?: string;
  readonly resend?: string;
  readonly 'dry-run'?: boolean;
  readonly output?: string;
  readonly endpoint?: string;
  readonly 'from-time'?: string;
  readonly 'to-time'?: string;
  readonly 'from-sequence'?: string;
  readonly 'to-sequence'?: string;
  readonly 'no-wait'?: boolean;
  readonly 'keep-epochs'?: boolean;
  readonly from?: string;
  readonly tokens?: string;
  readonly to?: string;
  readonly cell?: string;
  readonly abort?: boolean;
  readonly json?: boolean;
  readonly help?: boolean;
  readonly argument?: string;
}
