import { serveJson } from './serve-json';
import type { JsonServer } from './serve-json';

/** What an environment at WorkOS answers over its REST API, as far as an import reads it. Lists are oldest first. */
export interface TestWorkos extends JsonServer {
  readonly organizations: { id: string }[];
  readonly directories: { id: string }[];
  readonly roles: object[];
  /** Users and groups name their `directory_id`. */
  readonly users: { id: string; directory_id: string }[];
  readonly groups: { id: string; directory_id: string }[];
}

/** Starts one with this API key. */
export async function startWorkos(apiKey: string): Promise<TestWorkos> {
  const state: Omit<TestWorkos, keyof JsonServer> = {
    organizations: [],
    directories: [],
    roles: [],
    users: [],
    groups: [],
  };
  const server = await serveJson((request, { pathname, searchParams }) => {
    if (request.headers.authorization !== `Bearer ${apiKey}`) return { status: 401, body: { message: 'Unauthorized' } };
    if (pathname === '/authorization/roles') return { body: { object: 'list', data: state.roles } };
    const of = ({ directory_id: id }: { directory_id: string }) => id === searchParams.get('directory');
    const lists: Record<string, { id: string }[]> = {
      '/organizations': state.organizations,
      '/directories': state.directories,
      '/directory_users': state.users.filter(of),
      '/directory_groups': state.groups.filter(of),
    };
    const items = lists[pathname];
    if (!items) return undefined;
    // Newest first unless asked otherwise, as there.
    const all = searchParams.get('order') === 'asc' ? items : items.toReversed();
    const start = all.findIndex(({ id }) => id === searchParams.get('after')) + 1;
    const data = all.slice(start, start + Math.min(Number(searchParams.get('limit') ?? 10), 100));
    const after = start + data.length < all.length ? (data.at(-1)?.id ?? null) : null;
    return { body: { object: 'list', data, list_metadata: { before: null, after } } };
  });
  return Object.assign(state, server);
}
