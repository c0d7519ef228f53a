import { createElement, isValidElement, lazy, useState, type ComponentType, type ReactNode } from 'react';
import { createRoutesFromElements, matchRoutes, type Params } from 'react-router';

type Load<Props> = () => Promise<ComponentType<Props>>;

const loads = new Map<unknown, () => Promise<unknown>>();

/**
 * A page that is loaded when it is needed. Once it is loaded it is there at once, where `lazy` alone would have something else shown before
 * it. Its `load` loads it before that.
 */
export function laterPage<Props extends object>(loadPage: Load<Props>): ComponentType<Props> & { load: Load<Props> } {
  let loaded: ComponentType<Props> | undefined;
  const load = async () => (loaded ??= await loadPage());
  const Awaited: ComponentType<Props> = lazy(async () => ({ default: await load() }));
  function Later(props: Props) {
    // Kept as it was at first: another one would be another page, and what was entered there gone.
    const [Page] = useState(() => loaded ?? Awaited);
    return createElement(Page, props);
  }
  loads.set(Later, load);
  return Object.assign(Later, { load });
}

/**
 * Begins to load the pages that routes have for an address, before they are drawn: what is drawn waits for the session.
 * @returns the parameters of the address
 */
export function beginPages(routes: ReactNode, path: string, basename?: string): Readonly<Params> {
  const matches = matchRoutes(createRoutesFromElements(routes), path, basename) ?? [];
  for (const { route } of matches) {
    // One that cannot be loaded now is asked for again when it is drawn.
    if (isValidElement(route.element))
      loads
        .get(route.element.type)?.()
        .catch(() => undefined);
  }
  return matches.at(-1)?.params ?? {};
}
