import type { IncomingMessage, ServerResponse } from 'node:http';
import { decideRoute, originFormOf } from '@rollcall/cells';
import type { Route } from '@rollcall/cells';
import { isAlias } from '@rollcall/directory';
import type { Placement } from '@rollcall/management';
import { isBareId } from '@rollcall/platform';
import type { AliasFinder } from './find-at-alias';
import type { PortalOwners } from './find-portal-owner';
import { answerCall } from './answer-call';
import { answerClient, answerToken, createClient } from './answer-clients';
import { answerCursorList } from './answer-cursor-list';
import { answerEvery } from './answer-every';
import { answerFeed } from './answer-feed';
import { answerFirst } from './answer-first';
import { answerList } from './answer-list';
import { answerErasure } from './answer-erasure';
import { answerOverview } from './answer-overview';
import { answerPortalLink } from './answer-portal-link';
import { answerRoleDeletion } from './answer-role-deletion';
import { answerWorkosEvents } from './answer-workos-events';
import { findNamed } from './find-named';
import { cellFor, findOrganization } from './installation';
import type { Answerer, Installation } from './installation';
import type { Front } from './open-front';
import { openByLink } from './open-by-link';
import type { OrganizationWriter } from './write-organizations';

export interface DispatchTools {
  installation: Installation;
  front: Front;
  /** The path of a URL as the routes have it. */
  toPath: (url: string) => string;
  aliases: AliasFinder;
  owners: PortalOwners;
  organizations: OrganizationWriter;
  /** Has the configuration copied before a request's answer is sent. */
  configure: (request: IncomingMessage) => void;
}

/** Where a request of one organization goes; null: nobody has that one, which the control cell says in the form of its surface. */
type Finder = () => Promise<Placement | null>;

/** Hands each request to the cell that it is for, as it came, or to what puts the answers of several together. */
export function dispatchRequests(tools: DispatchTools): (request: IncomingMessage, response: ServerResponse) => void {
  const { installation, front, toPath, configure } = tools;
  const { control } = installation;

  async function hand(request: IncomingMessage, response: ServerResponse, find: Finder): Promise<void> {
    try {
      cellFor(installation, await find()).serve(request, response);
    } catch (error) {
      front.refuse(request, response, error);
    }
  }

  return (request, response) => {
    request.url = originFormOf(request.url ?? '/');
    const route = decideRoute(request.method ?? 'GET', toPath(request.url));
    if (route.kind === 'health') return front.tellHealth(request, response);
    if (route.kind === 'control') {
      if (route.configures) configure(request);
      return control.serve(request, response);
    }
    const find = finderOf(route, request, tools);
    if (find) return void hand(request, response, find);
    front.answer(request, response, answererOf(route, tools));
  };
}

/** Undefined for what is no request of one organization that its URL and headers name. */
function finderOf(
  route: Route,
  request: IncomingMessage,
  { installation, aliases, owners }: DispatchTools,
): Finder | undefined {
  const { placements } = installation;
  if (route.kind === 'organization') return () => findOrganization(installation, route.id);
  if (route.kind === 'named') {
    const { id, of } = route;
    return () => findNamed(installation, id, { of, authorization: request.headers.authorization });
  }
  if (route.kind === 'directory') {
    const { key } = route;
    if (isAlias(key)) {
      return async () => {
        const directoryId = await aliases.find(key, request.headers.authorization);
        return directoryId === null ? null : placements.directory(directoryId);
      };
    }
    return async () => (isBareId(key) ? placements.directory(key) : null);
  }
  if (route.kind !== 'portal' || route.credential === 'link') return undefined;
  const { credential } = route;
  return async () => {
    const owner = await owners.find(credential, request);
    return owner === null ? null : placements.organization(owner.organizationId);
  };
}

function answererOf(route: Route, { installation, owners, organizations }: DispatchTools): Answerer {
  switch (route.kind) {
    case 'list':
      return answerList(installation, route.list);
    case 'feed':
      return answerFeed(installation);
    case 'overview':
      return answerOverview(installation);
    case 'every':
      return answerEvery(installation, route.adds);
    case 'erase':
      return answerErasure(installation, route.organization);
    case 'token':
      return answerToken(installation);
    case 'client':
      return answerClient(installation);
    case 'create_client':
      return createClient(installation);
    case 'delete_role':
      return answerRoleDeletion(installation);
    case 'create_organization':
      return organizations.create;
    case 'update_organization':
      return organizations.update(route);
    case 'portal_link':
      return answerPortalLink(installation);
    case 'cursor_list':
      return answerCursorList(installation);
    case 'workos_events':
      return answerWorkosEvents(installation);
    case 'call':
      return answerCall(installation);
    case 'portal':
      return openByLink(installation, owners);
    case 'first':
      return answerFirst(installation, route.mayRefuse && { unknown: [400, 401, 404] });
    default:
      throw new Error(`nothing answers a request of the kind ${route.kind}`);
  }
}
