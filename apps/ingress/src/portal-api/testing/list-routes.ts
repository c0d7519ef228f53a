import { routesOf } from '../../testing/routes-of';
import type { ModuleRoute } from '../../testing/routes-of';
import { PortalModule } from '../portal.module';

/** A route of the portal's API; its path is below /portal/api. */
export type PortalRoute = ModuleRoute;

/** Routes that ask for no session: what leads to one, what a mail and a page's image ask for, and the page of a hand-over. */
const WITHOUT_SESSION: readonly string[] = [
  'HandOverController.get',
  'HandOverController.open',
  'HandOverController.showToken',
  'PortalEmbeddingController.get',
  'PortalLogosController.get',
  'PortalSessionController.open',
  'PortalSessionController.sendCode',
  'PortalUnsubscribeController.unsubscribe',
];

/** Routes that answer a session while Directory Sync is off. */
const WHILE_OFF: readonly string[] = [
  'LiveController.stream',
  'PortalSessionController.end',
  'PortalSessionController.get',
];

const BASE = '/portal/api';

/** Things that are not there. */
const IDS = {
  contact_id: 'con_01kag3v2q9x8w7n6m5k4j3h2g1',
  secret_id: 'sec_01kag3v2q9x8w7n6m5k4j3h2g1',
  hand_over_id: 'hov_01kag3v2q9x8w7n6m5k4j3h2g1',
  user_id: 'diruser_01kag3v2q9x8w7n6m5k4j3h2g1',
  group_id: 'dirgroup_01kag3v2q9x8w7n6m5k4j3h2g1',
  request_id: 'req_01kag3v2q9x8w7n6m5k4j3h2g1',
  logo_id: '01kag3v2q9x8w7n6m5k4j3h2g1',
};

/**
 * Every route of the portal, about a directory and of things in it that are not there. Throws Error for a parameter that has no id.
 */
export function listRoutes(directoryId = 'dir_01kag3v2q9x8w7n6m5k4j3h2g1'): PortalRoute[] {
  const ids = { ...IDS, directory_id: directoryId };
  return routesOf(PortalModule).map(({ path, ...route }) => ({ ...route, path: fillIn(path.slice(BASE.length), ids) }));
}

/** The routes that are for who has a session. */
export function listSessionRoutes(directoryId?: string): PortalRoute[] {
  return listRoutes(directoryId).filter(({ handler }) => !WITHOUT_SESSION.includes(handler));
}

/** Those of them that answer only while Directory Sync is on. */
export function listFeatureRoutes(directoryId?: string): PortalRoute[] {
  return listSessionRoutes(directoryId).filter(({ handler }) => !WHILE_OFF.includes(handler));
}

/** `::` is a colon of the path itself. */
function fillIn(path: string, ids: Record<string, string>): string {
  return path.replaceAll(/::|:(\w+)(\([^)]*\))?/g, (found, name: string | undefined) => {
    if (name === undefined) return ':';
    const id = ids[name];
    if (id === undefined) throw new Error(`There is no id for ${found} of ${path}`);
    return id;
  });
}
