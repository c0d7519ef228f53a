import { DASHBOARD_ENVIRONMENT_HEADER } from '@rollcall/contract';
import type { MemberRole } from '@rollcall/contract';
import type { ErrorBody, TestApi } from '../../management/testing/start-api';

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface DashboardCall {
  cookie?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** The environment that the page shows; null: it says none. Unless told otherwise the first one. */
  environment?: string | null;
}

/** A member who is signed in. */
export interface SignedIn {
  cookie: string;
  email: string;
  password: string;
  /** As the API shows it. */
  memberId: string;
}

/** What a session answers. */
export interface SessionBody {
  member: { id: string; name: string; email: string };
  role: MemberRole | null;
  environment: { id: string; name: string } | null;
  environments: { id: string; name: string; role: MemberRole }[];
  expire_time: string;
  second_factor: { totp: boolean; passkeys: number; recovery_codes_left: number };
}

/** A caller of the dashboard's API, as the dashboard's pages call it. */
export interface DashboardClient {
  call: <Body = ErrorBody>(method: string, path: string, call?: DashboardCall) => Promise<Answer<Body>>;
  /** Calls the management API with a member's cookie. */
  callApi: <Body = ErrorBody>(method: string, path: string, call?: DashboardCall) => Promise<Answer<Body>>;
  /** Makes the first owner. */
  setUp: () => Promise<SignedIn>;
  /** Invites somebody to the first environment and accepts as them. */
  join: (owner: SignedIn, role: MemberRole, environment?: string) => Promise<SignedIn>;
}

export const PASSWORD = 'a long walk on the beach';

/** For suites named `*.int.test.ts`: a caller of the dashboard's API of `test`. */
export function connectDashboard(test: TestApi): DashboardClient {
  let joined = 0;

  async function send<Body>(method: string, path: string, request: DashboardCall): Promise<Answer<Body>> {
    const { cookie, body, headers = {}, environment = test.ingress.credentials.environment_id } = request;
    const answer = await fetch(`${test.ingress.baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(method !== 'GET' && { 'content-type': 'application/json' }),
        ...(cookie !== undefined && { cookie }),
        ...(environment !== null && { [DASHBOARD_ENVIRONMENT_HEADER]: environment }),
        ...headers,
      },
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : undefined) as Body };
  }

  const call: DashboardClient['call'] = (method, path, request = {}) => send(method, `/dashboard/api${path}`, request);

  async function setUp(): Promise<SignedIn> {
    const person = { name: 'Olive Owner', email: 'olive@example.com', password: PASSWORD };
    const body = { token: test.ingress.setupToken, ...person };
    return signedIn(await call<SessionBody>('POST', '/setup', { body }), person);
  }

  async function join(owner: SignedIn, role: MemberRole, environment?: string): Promise<SignedIn> {
    const person = { name: `Member ${++joined}`, email: `member-${joined}@example.com`, password: PASSWORD };
    const invited = await call<{ location: string }>('POST', '/members/invitations', {
      cookie: owner.cookie,
      environment,
      body: { email: person.email, role },
    });
    const token = invited.body.location.split('#')[1];
    const { name, password } = person;
    return signedIn(
      await call<SessionBody>('POST', '/invitations:accept', { body: { token, name, password } }),
      person,
    );
  }

  return {
    call,
    callApi: (method, path, request = {}) => send(method, `/api/v1${path}`, request),
    setUp,
    join,
  };
}

/** The cookie that an answer sets, as a browser sends it back. */
export function cookieOf({ headers }: Pick<Answer<unknown>, 'headers'>): string {
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}

function signedIn(answer: Answer<SessionBody>, { email, password }: { email: string; password: string }): SignedIn {
  if (answer.status !== 201) throw new Error(`nobody is signed in: ${JSON.stringify(answer.body)}`);
  return { cookie: cookieOf(answer), email, password, memberId: answer.body.member.id };
}
