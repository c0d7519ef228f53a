import type { FastifyInstance } from 'fastify';

interface KnownRoute {
  path: RegExp;
  methods: Set<string>;
}

const routesOf = new WeakMap<FastifyInstance, Map<string, KnownRoute>>();

/** Remembers every route of a server as it is registered, so that a wrong method can be told from an unknown path. */
export function collectRoutes(server: FastifyInstance): void {
  const routes = new Map<string, KnownRoute>();
  routesOf.set(server, routes);
  server.addHook('onRoute', ({ url, method }) => {
    // A wildcard takes whatever is left over: it knows no path.
    if (url.includes('*')) return;
    const route = routes.get(url) ?? { path: toPattern(url), methods: new Set<string>() };
    for (const name of [method].flat()) route.methods.add(name.toUpperCase());
    routes.set(url, route);
  });
}

/** The methods that some route takes at this path (no query), sorted; empty when the path is unknown. */
export function allowedMethods(server: FastifyInstance, path: string): string[] {
  const normalized = path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  const methods = new Set<string>();
  for (const route of routesOf.get(server)?.values() ?? []) {
    if (route.path.test(normalized)) for (const method of route.methods) methods.add(method);
  }
  return [...methods].toSorted();
}

/** `/a/:b` → a pattern; `::` is a colon and `:b(\\d+)` a parameter with its own pattern, as find-my-way reads them. */
function toPattern(template: string): RegExp {
  const source = template.replace(/::|:\w+(?:\(([^)]*)\))?|[.+?*^${}()|[\]\\]/g, (token, own: string | undefined) => {
    if (token === '::') return ':';
    // A pattern is written with its anchors; here it stands within the path.
    if (token.startsWith(':')) return own ? `(?:${own.replaceAll(/^\^|\$$/g, '')})` : '[^/]+';
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}
