import { PORTAL_ORGANIZATION_HEADER } from '@rollcall/contract';
import type { DirectoryItem } from '../directories/directory.dto';
import { drain } from './drain.test-support';
import { pathOf } from './start-api';
import type { TestApi } from './start-api';

export interface Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of all routes; a key that is missing shows in what follows
  body: any;
}

/** The APIs of a system, and what there can be made to write to; for a suite that tries every route that writes. */
export class WritableApi {
  /** Everything that answers have shown once and that nobody may read again. */
  readonly secrets: string[] = [];
  /** Which organization each portal cookie is for. */
  readonly organizations = new Map<string, string>();
  private roles = 0;

  constructor(private readonly system: () => TestApi) {}

  readonly send = async (
    method: string,
    path: string,
    { body, cookie, headers }: { body?: object; cookie?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> => {
    const response = await fetch(`${this.system().ingress.baseUrl}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(cookie === undefined
          ? { authorization: `Bearer ${this.system().api.accessToken}` }
          : { cookie, [PORTAL_ORGANIZATION_HEADER]: this.organizations.get(cookie) ?? '' }),
        ...headers,
      },
      body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
    });
    const text = await response.text();
    const answer = text === '' ? undefined : JSON.parse(text);
    const { plain_secret, secret, client_secret, api_key, page_token, link, hand_over } = answer ?? {};
    const cookieValue = /^[^=]+=([^;]+)/.exec(response.headers.get('set-cookie') ?? '')?.[1];
    const tokens = [link, hand_over].map((made) => made?.location?.split('#')[1]);
    for (const shown of [plain_secret, secret, client_secret, api_key, page_token, ...tokens, cookieValue]) {
      if (typeof shown === 'string') this.secrets.push(shown);
    }
    return { status: response.status, headers: response.headers, body: answer };
  };

  readonly api = async (method: string, path: string, body?: object): Promise<Answer['body']> => {
    const answer = await this.send(method, `/api/v1${path}`, { body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  readonly newEndpoint = async (): Promise<string> =>
    (await this.api('POST', '/webhook_endpoints', { url: 'http://127.0.0.1:9/hook?token=hunter2' })).webhook_endpoint
      .id;

  readonly newHandOver = async (directory: DirectoryItem): Promise<{ id: string; location: string }> =>
    (await this.api('POST', `${pathOf(directory)}/hand_overs`)).hand_over;

  readonly newLink = async (organizationId: string): Promise<{ id: string; location: string }> =>
    (await this.api('PUT', `/organizations/${organizationId}/portal_links?features=dir_sync`)).link;

  readonly newReplay = async (): Promise<string> => {
    const endpoint = `/webhook_endpoints/${await this.newEndpoint()}`;
    return `${endpoint}/replays/${(await this.api('POST', `${endpoint}:replay`)).replay.id}`;
  };

  readonly newDelivery = async (): Promise<{ endpoint: string; delivery: string }> => {
    const endpoint = `/webhook_endpoints/${await this.newEndpoint()}`;
    return { endpoint, delivery: (await this.api('POST', `${endpoint}:test`)).delivery.id };
  };

  readonly newContact = async (): Promise<string> => {
    const path = `/organizations/${await this.system().newOrganization()}/contacts`;
    return `${path}/${(await this.api('POST', path, { email: 'it@acme.test' })).contact.id}`;
  };

  readonly newRole = async (): Promise<string> => {
    const { role } = await this.api('POST', '/roles', { role_name: `role-${this.roles++}` });
    return role.role_name;
  };

  /** A directory whose guard holds a user. */
  readonly newHold = async (): Promise<DirectoryItem> => {
    const directory = await this.system().newDirectory();
    const scim = await this.system().newScim(directory);
    const ids: string[] = [];
    for (const name of ['ann', 'bob', 'eve']) {
      ids.push((await scim.call('POST', '/Users', { userName: `${name}@acme.test` })).body.id);
    }
    await drain(this.system().database.appUrl, directory.id);
    await this.api('PATCH', pathOf(directory), { deprovision_guard: { max_users: 1 } });
    for (const id of ids.slice(1)) await scim.call('DELETE', `/Users/${id}`);
    await drain(this.system().database.appUrl, directory.id);
    return directory;
  };

  readonly newSecret = async (directory: DirectoryItem): Promise<string> => {
    return (await this.api('POST', `${pathOf(directory)}/secrets`)).secret.id;
  };

  readonly newClient = async (): Promise<string> =>
    (await this.api('POST', '/api_clients', { name: 'CI', scopes: ['read'] })).api_client.client_id;
}
