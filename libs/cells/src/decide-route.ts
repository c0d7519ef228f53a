import { SHOWN_MAILS } from '@rollcall/contract';

/** A list of the whole environment, of which each cell has a part. */
export interface SharedList {
  /** The member of the answer that has the items, which are in the order of their ids. */
  items: string;
  newestFirst: boolean;
  /** Items that the list has at most, when it has no pages. */
  most?: number;
  /** Whether it is also to be had as lines, all of it at once. */
  exports?: true;
  /** Whether there is no way back in it. */
  forwards?: true;
}

/** Another service whose API is answered too, with ids that are known from there. */
export type Facade = 'scalekit' | 'workos';

/** Whom a portal's credential is for, by where it stands. */
export type PortalCredential = 'session' | 'hand_over' | 'link';

/**
 * Who answers a request. Ids are as they stand in the URL.
 *
 * control: the control cell as it is; `configures`: what it changes is copied to every cell before the answer is sent.
 * directory, organization: the cell where that one lives. portal: the cell of whom the credential is for. named: the cell of the
 * organization or directory that an id of another service's API names; call, portal_link: of the one that the body names.
 * The others are put together of the answers of several cells.
 */
export type Route =
  | { kind: 'health' }
  | { kind: 'control'; configures: boolean }
  | { kind: 'directory'; key: string }
  | { kind: 'organization'; id: string }
  | { kind: 'portal'; credential: PortalCredential }
  | { kind: 'create_organization' }
  | { kind: 'update_organization'; id: string | null; of?: Facade }
  | { kind: 'erase'; organization: string }
  | { kind: 'list'; list: SharedList }
  | { kind: 'feed' }
  | { kind: 'overview' }
  /** `mayRefuse`: a cell that has not what is named may take its id for none. */
  | { kind: 'first'; mayRefuse?: true }
  | { kind: 'every'; adds: 'replays' | 'canceled' }
  | { kind: 'delete_role' }
  | { kind: 'token' }
  | { kind: 'create_client' }
  | { kind: 'client' }
  | { kind: 'named'; id: string; of: Facade }
  | { kind: 'portal_link' }
  | { kind: 'cursor_list' }
  | { kind: 'workos_events' }
  | { kind: 'call' };

interface Rule {
  /** Absent: any. HEAD is a GET. */
  methods?: readonly string[];
  path: RegExp;
  to: (parts: readonly string[], request: { method: string; query: URLSearchParams }) => Route;
}

const GET = ['GET'];
const POST = ['POST'];

const always = (route: Route) => () => route;
const list = (items: string, newestFirst: boolean, most?: number) =>
  always({ kind: 'list', list: { items, newestFirst, ...(most !== undefined && { most }) } });
const changes = ({ method }: { method: string }) => !['GET', 'OPTIONS'].includes(method);

/** Scalekit's gRPC. */
const CALL_RULES: readonly Rule[] = [
  callRule('organizations.OrganizationService/CreateOrganization', { kind: 'create_organization' }),
  callRule('organizations.OrganizationService/UpdateOrganization', {
    kind: 'update_organization',
    id: null,
    of: 'scalekit',
  }),
  callRule('organizations.OrganizationService/(List|Search)Organization', {
    kind: 'list',
    list: { items: 'organizations', newestFirst: false },
  }),
  callRule('(organizations.OrganizationService|directories.DirectoryService)/\\w+', { kind: 'call' }),
  callRule('events.EventsService/ListEvents(Paginated)?', {
    kind: 'list',
    list: { items: 'events', newestFirst: true, forwards: true },
  }),
  callRule('roles.RolesService/DeleteRole', { kind: 'delete_role' }),
  callRule('roles.RolesService/(Create|Update)\\w+', { kind: 'control', configures: true }),
];

function callRule(method: string, route: Route): Rule {
  return { methods: POST, path: new RegExp(`^/scalekit\\.v1\\.${method.replaceAll('.', '\\.')}$`), to: always(route) };
}

/** WorkOS' API, which is at the root. */
const WORKOS_RULES: readonly Rule[] = [
  { methods: GET, path: /^\/organizations$/, to: always({ kind: 'cursor_list' }) },
  { methods: POST, path: /^\/organizations$/, to: always({ kind: 'create_organization' }) },
  { methods: GET, path: /^\/organizations\/external_id\//, to: always({ kind: 'first' }) },
  {
    methods: ['PUT'],
    path: /^\/organizations\/([^/]+)$/,
    to: ([id = '']) => ({ kind: 'update_organization', id, of: 'workos' }),
  },
  { path: /^\/(?:organizations|directories)\/([^/]+)$/, to: ([id = '']) => ofWorkos(id) },
  {
    methods: GET,
    path: /^\/directories$/,
    to: (_, { query }) => {
      const id = query.get('organization_id');
      return id === null ? { kind: 'cursor_list' } : ofWorkos(id);
    },
  },
  {
    methods: GET,
    path: /^\/directory_(?:users|groups)$/,
    to: (_, { query }) => {
      const id = query.get('directory');
      return id === null ? { kind: 'first', mayRefuse: true } : ofWorkos(id);
    },
  },
  { methods: GET, path: /^\/directory_(?:users|groups)\/[^/]+$/, to: always({ kind: 'first' }) },
  { methods: GET, path: /^\/events$/, to: always({ kind: 'workos_events' }) },
  { methods: POST, path: /^\/portal\/generate_link$/, to: always({ kind: 'portal_link' }) },
];

function ofWorkos(id: string): Route {
  return { kind: 'named', id, of: 'workos' };
}

/** The first that matches a path without double or trailing slashes; what none matches is the control cell's. */
const RULES: readonly Rule[] = [
  { methods: GET, path: /^\/(healthz|readyz)$/, to: always({ kind: 'health' }) },
  { path: /^\/scim\/([^/]+)/, to: ([key = '']) => ({ kind: 'directory', key }) },

  { methods: GET, path: /^\/api\/v1\/organizations(:search)?$/, to: list('organizations', false) },
  { methods: POST, path: /^\/api\/v1\/organizations$/, to: always({ kind: 'create_organization' }) },
  { methods: GET, path: /^\/api\/v1\/organizations:external\//, to: always({ kind: 'first' }) },
  {
    methods: ['PATCH'],
    path: /^\/api\/v1\/organizations:external\//,
    to: always({ kind: 'update_organization', id: null }),
  },
  {
    methods: ['PATCH'],
    path: /^\/api\/v1\/organizations\/([^/:]+)$/,
    to: ([id = '']) => ({ kind: 'update_organization', id }),
  },
  {
    methods: POST,
    path: /^\/api\/v1\/organizations\/([^/:]+)(?:\/directories\/[^/]+\/users\/[^/:]+)?:erase$/,
    to: ([organization = '']) => ({ kind: 'erase', organization }),
  },
  { path: /^\/api\/v1\/organizations\/([^/:]+)/, to: ([id = '']) => ({ kind: 'organization', id }) },

  { methods: GET, path: /^\/api\/v1\/events$/, to: always({ kind: 'feed' }) },
  { methods: GET, path: /^\/api\/v1\/events:latest$/, to: list('events', true) },
  { methods: GET, path: /^\/api\/v1\/events\/[^/]+\/deliveries$/, to: list('deliveries', true) },
  { methods: GET, path: /^\/api\/v1\/events\/[^/]+$/, to: always({ kind: 'first' }) },
  {
    methods: GET,
    path: /^\/api\/v1\/audit_log$/,
    to: always({ kind: 'list', list: { items: 'entries', newestFirst: true, exports: true } }),
  },
  { methods: GET, path: /^\/api\/v1\/erasures$/, to: list('erasures', true) },
  { methods: GET, path: /^\/api\/v1\/erasures\/[^/]+$/, to: always({ kind: 'first' }) },
  { methods: GET, path: /^\/api\/v1\/mail$/, to: list('mails', true, SHOWN_MAILS) },
  { methods: GET, path: /^\/api\/v1\/overview$/, to: always({ kind: 'overview' }) },
  {
    methods: GET,
    path: /^\/api\/v1\/webhook_endpoints\/[^/]+\/(deliveries|replays)$/,
    to: ([items = '']) => list(items, true)(),
  },
  { path: /^\/api\/v1\/webhook_endpoints\/[^/]+\/(deliveries|replays)\/[^/]+$/, to: always({ kind: 'first' }) },
  {
    methods: POST,
    path: /^\/api\/v1\/webhook_endpoints\/[^/:]+:replay$/,
    to: always({ kind: 'every', adds: 'replays' }),
  },
  {
    methods: POST,
    path: /^\/api\/v1\/webhook_endpoints\/[^/:]+:discard_pending$/,
    to: always({ kind: 'every', adds: 'canceled' }),
  },
  // Those that are limited to an organization are where it is.
  { methods: POST, path: /^\/oauth\/token$/, to: always({ kind: 'token' }) },
  { methods: POST, path: /^\/api\/v1\/api_clients$/, to: always({ kind: 'create_client' }) },
  { path: /^\/api\/v1\/api_clients\/[^/]+/, to: always({ kind: 'client' }) },
  { methods: ['DELETE'], path: /^\/api\/v1\/roles\/[^/]+$/, to: always({ kind: 'delete_role' }) },
  // Events as Scalekit's REST API has them: a reading that is asked for by POST.
  {
    methods: POST,
    path: /^\/api\/v1\/events\/paginated$/,
    to: always({ kind: 'list', list: { items: 'events', newestFirst: true, forwards: true } }),
  },
  { path: /^\/api\/v1\//, to: (_, request) => ({ kind: 'control', configures: changes(request) }) },

  {
    methods: GET,
    path: /^\/dashboard\/api\/live$/,
    to: (_, { query }) => ({ kind: 'organization', id: query.get('organization') ?? '' }),
  },
  // A GET that opens a session.
  { path: /^\/dashboard\/api\/sign_in\/sso\/callback$/, to: always({ kind: 'control', configures: true }) },
  { path: /^\/dashboard\/api\//, to: (_, request) => ({ kind: 'control', configures: changes(request) }) },

  ...CALL_RULES,
  ...WORKOS_RULES,

  { methods: POST, path: /^\/portal\/api\/session(\/code)?$/, to: always({ kind: 'portal', credential: 'link' }) },
  { path: /^\/portal\/api\/hand_over(\/|$)/, to: always({ kind: 'portal', credential: 'hand_over' }) },
  { path: /^\/portal\/api\/unsubscribe$/, to: always({ kind: 'first' }) },
  { path: /^\/portal\/(api\/embedding|logos|assets)(\/|$)/, to: always({ kind: 'control', configures: false }) },
  // The pages too: whom one may be framed by depends on its session.
  { path: /^\/portal(\/|$)/, to: always({ kind: 'portal', credential: 'session' }) },
];

/**
 * The target of a request as applications take it, with a path and a query. Clients may send a whole URL (RFC 9112 3.2.2), and what has
 * two slashes in front would be read as one of another host.
 */
export function originFormOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/^\/{2,}/, '/');
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * Who answers a request in an installation of several cells.
 * @param url as the routes have it: without the path of PUBLIC_URL, and at our own addresses of SCIM
 */
export function decideRoute(method: string, url: string): Route {
  const [rawPath = '', ...query] = url.split('?');
  const path = decode(rawPath.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1'));
  const request = { method: method === 'HEAD' ? 'GET' : method, query: new URLSearchParams(query.join('?')) };
  for (const { methods, path: pattern, to } of RULES) {
    const found = methods === undefined || methods.includes(request.method) ? pattern.exec(path) : null;
    if (found) return to(found.slice(1), request);
  }
  return { kind: 'control', configures: false };
}

/** A malformed escape is refused by whoever answers. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
